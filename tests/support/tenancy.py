"""What the tests' own code sees of companies' rows; requests and jobs see what they always do."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.tenancy import Outside, Scope


@contextmanager
def seeing_everything() -> Iterator[None]:
    """Sessions a test opens for itself see every company; requests and jobs do not notice."""
    before, Outside.scope = Outside.scope, Scope(system="tests")
    try:
        yield
    finally:
        Outside.scope = before
