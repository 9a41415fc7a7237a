"""Why a file is not accepted, in a form that fits on a line of JSON."""

from typing import Any


class Refused(Exception):
    """`code` says why, the rest are facts for the words."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
