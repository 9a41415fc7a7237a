"""A company's look from outside."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.companies.schemas import AccentColor


def _one_line(value: str) -> str:
    if any(not letter.isprintable() for letter in value):
        raise ValueError("use one line of printable characters")
    return value


def _https(value: str) -> str:
    """A link of the call to action: https only, so that no script and no other program is opened."""
    try:
        parts = urlsplit(value)
        is_fine = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        is_fine = False
    if not is_fine or any(letter.isspace() or not letter.isprintable() for letter in value):
        raise ValueError("use an address that begins with https://")
    return value


Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_one_line),
]
Link = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_https)]


class Texts(BaseModel):
    """Words of the viewer in one language; null is what the viewer says by itself."""

    model_config = ConfigDict(extra="forbid")

    title: Words | None = None
    hint: Words | None = None
    call_label: Words | None = None
    call_url: Link | None = None

    @model_validator(mode="after")
    def _call_is_whole(self) -> "Texts":
        if (self.call_label is None) != (self.call_url is None):
            raise ValueError("a call to action has a label and an address")
        return self


class TextsByLanguage(BaseModel):
    """The words in each language."""

    model_config = ConfigDict(extra="forbid")

    en: Texts | None = None
    ru: Texts | None = None


class Logo(BaseModel):
    """A picture with a transparent background as it is served."""

    url: str
    width: int
    height: int


_EXAMPLE: dict[str, Any] = {
    "accent_color": "#FF5B3A",
    "background_color": "#16181D",
    "ink_color": "#FAF7F2",
    "texts": {
        "en": {
            "title": "Your day, alive",
            "hint": "Point at the photo",
            "call_label": "Order prints",
            "call_url": "https://studio.example/order",
        }
    },
}


class Look(BaseModel):
    """How a company's viewer looks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "logo": {
                        "url": "/storage/vertex-ar/thumbnails/9f/9f86.webp",
                        "width": 512,
                        "height": 160,
                    },
                }
            ]
        }
    )

    accent_color: str | None
    background_color: str | None
    ink_color: str | None
    texts: TextsByLanguage
    logo: Logo | None


class LookUpdate(BaseModel):
    """Only the fields that are sent change; null is the viewer's own. `texts` change as a whole.

    Ink must be readable on the background (4.5 : 1), the accent must stand out from it (3 : 1).
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    accent_color: AccentColor | None = None
    background_color: AccentColor | None = None
    ink_color: AccentColor | None = None
    texts: TextsByLanguage | None = Field(default=None)
