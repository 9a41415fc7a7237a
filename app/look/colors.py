"""Whether words can be read on a colour (WCAG 2.2, success criterion 1.4.3)."""

from typing import Final

LOWEST_TEXT_CONTRAST: Final = 4.5
# Buttons and outlines need less (1.4.11); what is written on them is ink or white, whichever reads better.
LOWEST_SHAPE_CONTRAST: Final = 3.0


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours such as `#FF5B3A`, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
