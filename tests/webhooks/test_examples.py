"""The examples of docs/reference/webhooks.md verify what is sent, and refuse what is not."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from app.core.config import CHECKOUT
from app.webhooks import signing

BODY = '{"type":"content.published","data":{"title":"Свадьба"}}'.encode()


def example(language: str) -> str:
    page = (CHECKOUT / "docs/reference/webhooks.md").read_text()
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found.group(1)


def cases() -> list[tuple[bool, str, dict[str, str], bytes]]:
    """Whether it must be believed, the secret the receiver knows, headers, body."""
    old, new, stranger = (signing.new_secret() for _ in range(3))
    now = int(time.time())

    def sent(*secrets: str, timestamp: int = now) -> dict[str, str]:
        return signing.headers(list(secrets), message_id="evt_1", timestamp=timestamp, body=BODY)

    return [
        (True, new, sent(new), BODY),
        (True, old, sent(new, old), BODY),
        (True, new, sent(new, old), BODY),
        (False, stranger, sent(new), BODY),
        (False, new, sent(new), BODY + b" "),
        (False, new, sent(new) | {"webhook-id": "evt_2"}, BODY),
        (False, new, sent(new, timestamp=now - 600), BODY),
    ]


def test_the_python_example_verifies() -> None:
    """What is ours is believed, under either secret; what is another's, changed or old is not."""
    names: dict[str, Any] = {}
    exec(example("python"), names)  # noqa: S102  (our own page)

    for expected, secret, headers, body in cases():
        assert expected == names["verify"](secret, headers, body)


def test_the_node_example_verifies(tmp_path: Path) -> None:
    """The same cases, in Node itself."""
    (tmp_path / "verify.mjs").write_text(example("javascript"))
    (tmp_path / "run.mjs").write_text(
        'import { verify } from "./verify.mjs";\n'
        'import { readFileSync } from "node:fs";\n'
        "const cases = JSON.parse(readFileSync(0));\n"
        "console.log(JSON.stringify(cases.map(([s, h, b]) => verify(s, h, Buffer.from(b)))));\n"
    )
    asked = [[secret, headers, body.decode()] for _, secret, headers, body in cases()]

    done = subprocess.run(
        ["node", str(tmp_path / "run.mjs")],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
        timeout=30,
    )

    assert [each[0] for each in cases()] == json.loads(done.stdout)
