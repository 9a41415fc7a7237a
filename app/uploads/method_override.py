"""`X-HTTP-Method-Override`, as tus wants it for senders whose network lets only GET and POST through.

https://tus.io/protocols/resumable-upload#x-http-method-override. For uploads alone: elsewhere a request is
what it says it is.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER: Final = "X-HTTP-Method-Override"
METHODS: Final = ("HEAD", "PATCH", "DELETE")
_UPLOAD: Final = re.compile(r"/api/v1/companies/[0-9A-Za-z-]{1,64}/uploads/tus/[0-9A-Za-z-]{1,64}")


class TusMethodOverride:
    """Gives a POST to an upload the method its header names, before anything looks at it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and _UPLOAD.fullmatch(scope["path"])
        ):
            wanted = Headers(scope=scope).get(HEADER, "").upper()
            if wanted in METHODS:
                scope = {**scope, "method": wanted}
        await self.app(scope, receive, send)
