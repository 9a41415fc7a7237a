"""Time that stands still, so that a slow machine does not wait the back-off out between two guesses."""

import pytest

from app.auth import guesses, service
from app.core.clock import utcnow


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """For signing in and changing passwords it stays the moment the test began."""
    moment = utcnow()
    for module in (guesses, service):
        monkeypatch.setattr(module, "utcnow", lambda: moment)
