"""An app that says what it believes, served as the real one is: uvicorn with one trusted proxy."""

import json
import threading
import time
from typing import Any, Self

import uvicorn


async def believing_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers with the client's address and scheme as uvicorn made them, the headers, and the body's size."""
    if scope["type"] != "http":
        return
    size = 0
    while (message := await receive())["type"] == "http.request":
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    told = {name.decode(): value.decode() for name, value in scope["headers"]}
    believed = {"client": scope["client"][0], "scheme": scope["scheme"]}
    believed |= {"headers": told, "size": size, "port": scope["server"][1]}
    headers = [(b"content-type", b"application/json"), (b"x-frame-options", b"SAMEORIGIN")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(believed).encode()})


class BelievingServer:
    """Runs this app, or another one, in a thread on `address`; a context manager."""

    def __init__(self, address: str, app: Any = believing_app) -> None:
        host, port = address.split(":")
        config = uvicorn.Config(
            app,
            host=host,
            port=int(port),
            forwarded_allow_ips="127.0.0.1",
            log_level="error",
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=10)
