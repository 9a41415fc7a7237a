"""Which tables and columns of a company an export holds. What is left out is named here, with its reason."""

import re
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Table

from app.core.database import Base

LEFT_OUT: Final = {
    "company_usage": "counted again from the rows themselves",
    "exports": "an export does not hold the story of exports",
    "jobs": "the work of this installation's machines",
    "mail_messages": "mails already sent; their links are blanked or dead",
    "notices": "what people were told of; the events tell the same",
    "notification_deliveries": "messages already sent",
    "notifications": "what each person was told belongs to them",
    "storage_checks": "what this installation found in its storage",
    "storage_deltas": "part of the counters",
    "storage_grants": "tokens of an account elsewhere",
    "storage_moves": "the work of this installation's machines",
    "upload_sessions": "files still on their way; what arrived is among the uploads",
    "user_identities": "how persons sign in elsewhere belongs to them",
    "webhook_deliveries": "events already delivered; the events themselves are exported",
    "webhook_inbox": "events on their way to webhooks",
}
# Never exported, whatever table they are added to.
_SECRET: Final = re.compile(r"token|secret|password|_hash$|encrypted|private_key|recovery")
SECRET_COLUMNS: Final = {("storage_connections", "secret"): "a provider's credentials"}
# What is told of the people who work in the company.
PERSON_COLUMNS: Final = ("id", "email", "name", "language")


def exported_tables() -> list[Table]:
    """The tables with a company's rows, those that others point at first."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if "company_id" in table.c and table.name not in LEFT_OUT
    ]


def exported_columns(table: Table) -> list[Column[Any]]:
    """The table's columns without secrets."""
    return [column for column in table.c if not is_secret(column)]


def is_secret(column: Column[Any]) -> bool:
    return (
        isinstance(column.type, LargeBinary)
        or _SECRET.search(column.name) is not None
        or (column.table.name, column.name) in SECRET_COLUMNS
    )
