"""What the API's description shows of contents: one that is published."""

from typing import Any, Final

_STORE: Final = "/storage/vertex-ar"
_MOMENT: Final = "2026-11-23T09:00:00Z"

IMAGE: Final[dict[str, Any]] = {
    "url": f"{_STORE}/portraits/3f/3f5a.jpg",
    "thumbnail_url": f"{_STORE}/thumbnails/9c/9c01.webp",
    "width": 1280,
    "height": 853,
    "size_bytes": 391204,
}

TARGET: Final[dict[str, Any]] = {
    "version": 1,
    "status": "ready",
    "progress": 1.0,
    "stage": None,
    "score": 87.5,
    "features": 812,
    "patches": 164,
    "size_bytes": 96240,
    "seconds": 2.1,
    "url": f"{_STORE}/markers/77/77ab.arvt",
    "report": None,
    "failure": None,
}

TARGET_VERSION: Final[dict[str, Any]] = {
    **TARGET,
    "is_in_use": True,
    "image": IMAGE,
    "created_at": _MOMENT,
}

VIDEO: Final[dict[str, Any]] = {
    "id": "0199f1f7-2d3e-7b4c-8f50-6b7c8d9e0f1a",
    "name": "Teaser",
    "status": "ready",
    "progress": 1.0,
    "failure": None,
    "url": f"{_STORE}/videos/b1/b1c2.mp4",
    "poster_url": f"{_STORE}/thumbnails/aa/aa10.webp",
    "width": 1920,
    "height": 1080,
    "duration_seconds": 24.5,
    "size_bytes": 18350080,
    "media_type": "video/mp4",
    "has_audio": True,
    "alpha": "none",
    "chroma_key": None,
    "renditions": [
        {
            "url": f"{_STORE}/renditions/c4/c4d5.mp4",
            "width": 960,
            "height": 540,
            "bitrate": 1150000,
            "size_bytes": 3521000,
            "alpha": "none",
        }
    ],
    "position": 0,
}

AR_CONTENT: Final[dict[str, Any]] = {
    "id": "0199f1f6-1c2d-7a3b-8e4f-5a6b7c8d9e0f",
    "public_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "company_id": "0199f1f0-7a3c-7c5e-8a51-1c9d3f0c2b11",
    "project_id": "0199f1f4-2c1a-7b0e-9f52-3d5e8a7b6c10",
    "title": "First dance",
    "status": "published",
    "public_url": "https://ar.example.com/ar/6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "image": IMAGE,
    "target": TARGET,
    "replacement": None,
    "videos": [VIDEO],
    "default_video_id": VIDEO["id"],
    "published_at": _MOMENT,
    "expires_at": "2027-12-31T23:00:00Z",
    "ends_at": "2027-12-31T23:00:00Z",
    "grace_until": None,
    "archived_at": None,
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}
