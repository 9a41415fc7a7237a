"""What a child can still do when it opens a stranger's file: next to nothing."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.config import CHECKOUT
from app.media.child_process import ChildFailed, run_child
from tests.support import hostile, media

_TRY = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from app.media.child.lockdown import limit_resources, lock_down
limit_resources(memory_bytes=1 << 31, cpu_seconds=10)
granted = lock_down(reads=[Path(sys.argv[2])], writes=[Path(sys.argv[3])])
try:
    done = repr(eval(sys.argv[4]))
except OSError as error:
    done = f"refused {error.errno}"
print(json.dumps([granted, done]))
"""


def _attempt(folder: Path, deed: str) -> tuple[list[str], str]:
    source, output = folder / "source", folder / "output"
    source.write_text("what was sent")
    output.touch()
    ran = subprocess.run(
        [sys.executable, "-I", "-c", _TRY, str(CHECKOUT), str(source), str(output), deed],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert 0 == ran.returncode, ran.stderr
    granted, done = json.loads(ran.stdout)
    return granted, done


@pytest.mark.parametrize(
    "deed",
    [
        "__import__('socket').socket()",
        "__import__('socket').socketpair()",
        "__import__('socket').create_connection(('127.0.0.1', 80))",
        "__import__('os').execv('/bin/true', ['true'])",
        "__import__('os').fork()",
        "__import__('subprocess').run(['/bin/true'])",
        "__import__('os').kill(__import__('os').getppid(), 0)",
    ],
)
def test_network_programs_and_other_processes_are_out_of_reach(deed: str, tmp_path: Path) -> None:
    """Each answers "operation not permitted", whatever library asks."""
    granted, done = _attempt(tmp_path, deed)

    assert "seccomp" in granted
    assert "refused 1" == done


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        ("open(sys.argv[2]).read()", "'what was sent'"),
        ("open(sys.argv[3], 'w').write('x')", "1"),
        ("open(sys.argv[2], 'w')", "refused 13"),
        ("open('/etc/passwd').read()", "refused 13"),
        ("open(sys.argv[1] + '/pyproject.toml').read()", "refused 13"),
        ("open(sys.argv[3] + '.more', 'w')", "refused 13"),
        ("__import__('os').listdir('/proc')", "refused 13"),
        ("open('/proc/self/environ').read()", "refused 13"),
    ],
)
def test_files_that_were_not_named_are_out_of_reach(
    deed: str, expected: str, tmp_path: Path
) -> None:
    """It reads its source and writes its output. Where the kernel has no Landlock, it says so."""
    granted, done = _attempt(tmp_path, deed)

    if "landlock" in granted:
        assert expected == done
    else:
        assert "landlock" not in Path("/sys/kernel/security/lsm").read_text()


async def test_real_work_runs_locked_down(tmp_path: Path) -> None:
    """The protections are in force where strangers' bytes are decoded, pictures and videos alike."""
    clip, photo = tmp_path / "clip", tmp_path / "photo"
    clip.write_bytes(media.clip(tmp_path))
    photo.write_bytes(media.photo(64, 64))
    outputs = [tmp_path / "a", tmp_path / "b"]

    film = await run_child(
        "probe", source=clip, writes=outputs, seconds=30, demuxer="mp4", max_seconds=60,
        output=str(outputs[0]), poster=str(outputs[1]),
    )  # fmt: skip
    picture = await run_child(
        "image", source=photo, writes=outputs, seconds=30, decoders=["JPEG"], max_pixels=10_000,
        output=str(outputs[0]), thumbnail=str(outputs[1]),
    )  # fmt: skip

    assert "refused" not in film | picture
    assert "seccomp" in film["granted"]
    assert film["granted"] == picture["granted"]


async def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    """It gets its time, and not more; no process is left behind."""
    source = tmp_path / "clip"
    source.write_bytes(media.clip(tmp_path))

    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()

    with pytest.raises(ChildFailed) as failure:
        await run_child(
            "probe", source=source, writes=[], seconds=0.01, demuxer="mp4", max_seconds=60,
            output="", poster="",
        )  # fmt: skip

    assert failure.value.timed_out
    assert before == children.read_text()


async def test_more_memory_than_allowed_is_refused_not_taken(tmp_path: Path) -> None:
    """A picture within the pixel limit, in a child of 300 MB: told in words, the service goes on."""
    source = tmp_path / "photo"
    source.write_bytes(hostile.webp_bomb(12_000))
    outputs = [tmp_path / "a", tmp_path / "b"]

    ended = await asyncio.gather(
        run_child(
            "image", source=source, writes=outputs, seconds=30, decoders=["WEBP"],
            memory_bytes=300 * 1024**2, max_pixels=10**9, output=str(outputs[0]),
            thumbnail=str(outputs[1]),
        ),
        return_exceptions=True,
    )  # fmt: skip

    match ended[0]:
        case ChildFailed() as failure:
            assert not failure.timed_out
        case answer:
            assert isinstance(answer, dict)
            assert answer["refused"] in ("memory", "broken")
