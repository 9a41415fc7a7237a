"""What the API's description shows of schedules: Valentine's day, an Advent window, a video a weekday."""

from typing import Any, Final

_FIRST: Final = "0199f1f7-2d3e-7b4c-8f50-6b7c8d9e0f1a"
_SECOND: Final = "0199f1f7-4e5f-7c6d-9a61-7c8d9e0f1a2b"

RULES: Final[dict[str, Any]] = {
    "time_zone": None,
    "dates": [
        {
            "name": "Valentine's day",
            "video_id": _SECOND,
            "every": "year",
            "month": 2,
            "day": 14,
            "weekdays": [],
        }
    ],
    "windows": [
        {
            "name": "Advent",
            "video_id": _SECOND,
            "first_day": "2026-11-29",
            "last_day": "2026-12-24",
            "starts_at": None,
            "ends_at": None,
        }
    ],
    "rotation": {
        "kind": "days",
        "turns": [
            {"video_id": _FIRST, "weight": 1, "from_time": None, "weekdays": []},
            {"video_id": _SECOND, "weight": 1, "from_time": None, "weekdays": []},
        ],
        "first_day": "2026-01-01",
        "seed": None,
        "at_end": "again",
    },
}

# Empty rules fit every content, so that this can be sent to any.
SENT: Final[dict[str, Any]] = {"time_zone": "Europe/Berlin", "dates": [], "windows": []}

SCHEDULE: Final[dict[str, Any]] = {
    **RULES,
    "content_id": "0199f1f6-1c2d-7a3b-8e4f-5a6b7c8d9e0f",
    "effective_time_zone": "Europe/Berlin",
    "updated_at": "2026-11-23T09:00:00Z",
}

ASKED_MOMENT: Final[dict[str, Any]] = {"rules": SENT, "at": "2027-02-14T18:00", "view": 0}
ASKED_DAYS: Final[dict[str, Any]] = {"rules": SENT, "first_day": "2027-02-01", "days": 28}

PREVIEW: Final[dict[str, Any]] = {
    "at": "2027-02-14T17:00:00Z",
    "local_time": "2027-02-14T18:00:00",
    "time_zone": "Europe/Berlin",
    "is_open": True,
    "video_id": _SECOND,
    "reason": "date",
    "index": 0,
    "name": "Valentine's day",
    "valid_until": "2027-02-14T23:00:00Z",
}

CALENDAR: Final[dict[str, Any]] = {
    "time_zone": "Europe/Berlin",
    "days": [
        {
            "day": "2027-02-14",
            "starts_at": "2027-02-13T23:00:00Z",
            "ends_at": "2027-02-14T23:00:00Z",
            "parts": [
                {
                    "starts_at": "2027-02-13T23:00:00Z",
                    "ends_at": "2027-02-14T23:00:00Z",
                    "is_open": True,
                    "video_id": _SECOND,
                    "reason": "date",
                    "index": 0,
                    "name": "Valentine's day",
                }
            ],
        }
    ],
}
