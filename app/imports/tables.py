"""Reading tables people make: CSV of any spreadsheet, in the encodings those write.

Excel saves UTF-8 with a byte order mark, UTF-16 ("Unicode text"), or the code page of the country; in Russia
that is Windows-1251, and the separator is a semicolon.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.core.errors import Invalid

MOST_ROWS: Final = 1000
LARGEST_TABLE_BYTES: Final = 2 * 1024 * 1024
LONGEST_CELL: Final = 255
LONGEST_TITLE: Final = 200
LONGEST_KEY: Final = 200
COLUMNS: Final = ("key", "title", "image", "video")
REQUIRED: Final = ("title", "image")

_NAMES: Final = {
    "key": "key",
    "title": "title",
    "image": "image",
    "video": "video",
    "ключ": "key",
    "название": "title",
    "изображение": "image",
    "фото": "image",
    "видео": "video",
}
_DELIMITERS: Final = (";", ",", "\t")


class TableInvalid(Invalid):
    code = "import_table_invalid"
    title = "The table can not be read"


@dataclass(frozen=True, slots=True)
class Row:
    """One content to be. `line` is where it begins in the file; `key` names it in every later import."""

    line: int
    key: str
    title: str
    image: str
    video: str


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in which cell, and what stands in it."""

    line: int
    column: str
    code: str
    detail: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read, with what can be seen to be wrong without asking anybody."""

    encoding: str
    delimiter: str
    rows: list[Row]
    errors: list[RowError]


def read_table(content: bytes) -> Table:
    """The table in a file. Raises `TableInvalid` when it is none, has too many rows or lacks a column."""
    text, encoding = _decoded(content)
    delimiter = _delimiter_of(text)
    lines = _numbered(text, delimiter)
    _, header = next(lines, (1, []))
    columns = _columns(header)
    rows = [_row(line, cells, columns) for line, cells in lines if any(c.strip() for c in cells)]
    if not rows:
        raise TableInvalid("There is no row below the names of the columns.")
    if len(rows) > MOST_ROWS:
        raise TableInvalid(f"There are {len(rows)} rows; {MOST_ROWS} is the most. Split the table.")
    return Table(encoding, delimiter, rows, [error for row in rows for error in _errors_in(row)])


def _decoded(content: bytes) -> tuple[str, str]:
    encodings: tuple[str, ...]
    if content.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8", "cp1251")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise TableInvalid("This is not a text in UTF-8, UTF-16 or Windows-1251. Save it as CSV UTF-8.")


def _delimiter_of(text: str) -> str:
    """The one between names of columns we know."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=lambda each: len(_known(header.split(each))))


def _known(names: list[str]) -> list[str]:
    return [name for name in names if _plain(name) in _NAMES]


def _plain(name: str) -> str:
    return name.strip().strip('"').lower()


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; a quoted cell may span lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableInvalid(f"Line {reader.line_num} can not be read: {error}.") from error


def _columns(header: list[str]) -> dict[str, int]:
    columns = {
        _NAMES[_plain(name)]: index for index, name in enumerate(header) if _plain(name) in _NAMES
    }
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise TableInvalid(
            f"The first line names the columns {', '.join(COLUMNS)}; "
            f"{' and '.join(missing)} is missing. Start from the template."
        )
    return columns


def _row(line: int, cells: list[str], columns: dict[str, int]) -> Row:
    def cell(name: str) -> str:
        index = columns.get(name)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    title, image = _unescaped(cell("title")), _unescaped(cell("image"))
    return Row(
        line,
        _unescaped(cell("key")) or _made_key(title, image),
        title,
        image,
        _unescaped(cell("video")),
    )


def _unescaped(cell: str) -> str:
    """Without the quote mark our own exports put before what looks like a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell


def _made_key(title: str, image: str) -> str:
    """A row without a key is known by what it says."""
    return "row:" + hashlib.sha256(f"{title}\n{image}".encode()).hexdigest()[:32]


def _errors_in(row: Row) -> Iterator[RowError]:
    for column, text, longest in (
        ("key", row.key, LONGEST_KEY),
        ("title", row.title, LONGEST_TITLE),
        ("image", row.image, LONGEST_CELL),
        ("video", row.video, LONGEST_CELL),
    ):
        if column in REQUIRED and not text:
            yield RowError(row.line, column, "missing", f"The {column} is missing.")
        if len(text) > longest:
            yield RowError(row.line, column, "too_long", f"{longest} characters is the most.")
