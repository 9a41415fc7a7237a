"""Telling the parent how far the work is, a line at a time."""

import json
import sys
import time

STEP = 0.02
PAUSE_SECONDS = 0.5


class Progress:
    """Progress through `seconds` of video, from `start` to `end` of the whole."""

    def __init__(self, seconds: float, *, start: float = 0.0, end: float = 1.0) -> None:
        self._seconds = max(seconds, 0.001)
        self._start, self._end = start, end
        self._last = 0.0
        self._at = 0.0

    def tell(self, at_seconds: float) -> None:
        """Say it when it has grown and the last word is a while ago."""
        fraction = self._start + min(at_seconds / self._seconds, 1.0) * (self._end - self._start)
        now = time.monotonic()
        if fraction - self._last < STEP or now - self._at < PAUSE_SECONDS:
            return
        self._last, self._at = fraction, now
        sys.stdout.write(json.dumps({"progress": round(fraction, 3)}) + "\n")
        sys.stdout.flush()
