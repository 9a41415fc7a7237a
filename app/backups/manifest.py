"""What a backup consists of: written last, so that a backup without one was never finished."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

DUMP_NAME = "database.dump"
FILES_NAME = "files.sha256"
MANIFEST_NAME = "manifest.json"


class Table(BaseModel):
    """`checksum` does not depend on the order of the rows; the same rows have the same."""

    rows: int
    checksum: str


class Part(BaseModel):
    """A file of the backup."""

    name: str
    size_bytes: int
    sha256: str


class Elsewhere(BaseModel):
    """Files of a company that keeps them in a storage of its own: they are not in the backup."""

    company_id: str
    kind: str
    files: int
    size_bytes: int


class Manifest(BaseModel):
    """Everything a restore is compared with."""

    model_config = ConfigDict(extra="forbid")

    id: str
    created_at: datetime
    version: str
    schema_head: str
    server_major: int
    parts: list[Part]
    tables: dict[str, Table]
    files: int
    size_bytes: int
    elsewhere: list[Elsewhere]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def as_text(self) -> str:
        return self.model_dump_json(indent=1)

    @classmethod
    def read(cls, text: bytes | str) -> Self:
        return cls.model_validate_json(text)
