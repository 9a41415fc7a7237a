"""What monitoring hears of a storage: how often, how long, and which failures."""

from hashlib import sha256
from pathlib import Path

import pytest

from app.core.metrics import REGISTRY
from app.storage.backends.local import LocalStorage
from app.storage.port import FileMissing, StorageUnavailable, content_key

KEY = content_key("studio", "portraits", sha256(b"picture").hexdigest(), "jpg")


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"kind": "local", **labels}) or 0


async def put(storage: LocalStorage) -> None:
    source = storage.root.parent / "source"
    source.write_bytes(b"picture")
    await storage.put(source, KEY)


async def test_what_a_storage_does_is_counted(tmp_path: Path) -> None:
    """Each verb under its name, reading once a file."""
    storage = LocalStorage(tmp_path / "content")
    before = {verb: counted("arv_storage_seconds_count", verb=verb) for verb in ("put", "open")}

    await put(storage)
    assert b"picture" == b"".join([chunk async for chunk in storage.open(KEY)])

    after = {verb: counted("arv_storage_seconds_count", verb=verb) for verb in ("put", "open")}
    assert {verb: count + 1 for verb, count in before.items()} == after


async def test_a_failure_is_counted_and_a_missing_file_is_none(tmp_path: Path) -> None:
    """A folder that can not be written is the storage's fault, a wrong key is not."""
    labels = {"verb": "put", "code": StorageUnavailable.code}
    before = counted("arv_storage_errors_total", **labels)
    storage = LocalStorage(tmp_path / "content")
    (tmp_path / "content").write_text("a file in the folder's place")

    with pytest.raises(StorageUnavailable):
        await put(storage)
    with pytest.raises(FileMissing):
        await LocalStorage(tmp_path / "other").size_of(KEY)

    assert before + 1 == counted("arv_storage_errors_total", **labels)
    assert 0 == counted("arv_storage_errors_total", verb="size_of", code=FileMissing.code)
