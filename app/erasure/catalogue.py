"""The order a company's rows go: those that point at others first. New tables are in it by themselves."""

from typing import Final

from sqlalchemy import Table

from app.core.database import Base

# Written while the others go; they go last, before the company itself.
LAST: Final = ("storage_deltas", "company_usage", "events")
# How to reach the places where files are: kept until these are empty, or given up.
OF_PLACES: Final = ("storage_connections", "storage_grants")


def tables_in_order() -> list[Table]:
    """Every table with a company's rows, children before parents."""
    tables = [table for table in reversed(Base.metadata.sorted_tables) if "company_id" in table.c]
    return [
        *(table for table in tables if table.name not in LAST),
        *(Base.metadata.tables[name] for name in LAST),
    ]
