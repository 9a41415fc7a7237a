"""What a messenger made of a message."""


class TargetAway(Exception):
    """It may go well another time; nothing tells that the message arrived."""

    def __init__(self, detail: str, *, after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after_seconds = after_seconds


class TargetRefused(Exception):
    """It will never go well with these settings: a bot that was blocked, a token that was withdrawn."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class ChatMoved(Exception):
    """The group became a supergroup with another id; the message goes there."""

    def __init__(self, chat_id: str) -> None:
        super().__init__("the group has a new id")
        self.chat_id = chat_id
