"""Finding, starting and stopping the private PostgreSQL and Valkey."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.local import tools
from app.local.accounts import Account, server_account
from app.local.children import stop
from app.local.console import StartRefused
from app.local.folders import DataFolder
from app.local.ports import free_port, require_free
from app.local.postgres import Postgres, reachable_tools
from app.local.tools import find_postgres, find_valkey
from app.local.valkey import Valkey


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder PostgreSQL's user can enter, which pytest's own is not when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="arv-local-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def no_system_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine where nothing is installed but our own Python packages."""
    monkeypatch.setattr(tools, "DEBIAN_POSTGRES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_system_servers")
def test_wheels_serve_where_nothing_is_installed(shared_folder: Path) -> None:
    """PostgreSQL and Valkey from PyPI start, answer, and stop cleanly, also under root."""
    folder = DataFolder(shared_folder)
    folder.create()
    account = server_account()
    found = find_postgres()
    postgres = Postgres(
        shared_folder / "postgres",
        reachable_tools(found, account, shared_folder),
        account,
        free_port(),
        "secret",
    )
    postgres.initialise(durable=False)
    valkey = Valkey(folder.valkey, find_valkey(), free_port(), "secret")
    for server in (postgres, valkey):
        log = shared_folder / "server.log"
        program = server.program(log, shared_folder)
        process = program.spawn()
        server.wait_until_ready(process, log)
        assert stop(process, program.stop_signal, timeout=10), log.read_text()

    assert (found.origin, find_valkey().origin) == ("wheel", "wheel")
    assert not (postgres.data / "postmaster.pid").exists()


def test_programs_out_of_reach_are_copied(shared_folder: Path, tmp_path: Path) -> None:
    """A venv in a private home is no place PostgreSQL's user can run programs from."""
    install = tmp_path / "package" / "pginstall18"
    (install / "bin").mkdir(parents=True)
    (install / "bin" / "postgres").write_text("binary")
    tmp_path.chmod(0o700)
    stranger = Account(65534, 65534, "nobody", switched=True)
    found = tools.PostgresTools(install / "bin", 18, "wheel")

    copied = reachable_tools(found, stranger, shared_folder)

    assert copied.bin.is_relative_to(shared_folder)
    assert (copied.bin / "postgres").read_text() == "binary"


def test_private_parent_is_out_of_reach(tmp_path: Path) -> None:
    """A folder below one with mode 0700 can be entered by its owner only."""
    private = tmp_path / "home"
    (private / "data").mkdir(parents=True)
    private.chmod(0o700)
    owner = private.stat()

    assert Account(owner.st_uid, owner.st_gid, "me", switched=False).can_enter(private / "data")
    assert not Account(64999, 64999, "other", switched=True).can_enter(private / "data")


def test_database_of_another_version_is_not_touched(tmp_path: Path) -> None:
    """A cluster made by a PostgreSQL that is gone is refused with the remedy, never converted."""
    (tmp_path / "PG_VERSION").write_text("9")

    with pytest.raises(StartRefused, match="needs PostgreSQL 9"):
        find_postgres(tmp_path)


@pytest.mark.usefixtures("no_system_servers")
def test_missing_tools_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without system servers and wheels the refusal says what to install."""
    monkeypatch.setattr(tools, "_package_folder", lambda _name: None)

    with pytest.raises(StartRefused, match="apt install postgresql"):
        find_postgres()
    with pytest.raises(StartRefused, match="apt install redis-server"):
        find_valkey()


def test_busy_port_is_named_with_the_remedy() -> None:
    """A taken port is one line that offers another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartRefused, match=f"Port {port} .* --port {port + 1}"):
            require_free("127.0.0.1", port)


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    """The installation's secrets stay the same, and only its owner can read them."""
    folder = DataFolder(tmp_path)

    first, second = folder.secrets(), folder.secrets()

    assert first == second
    assert len(set(first.values())) == len(first)
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_data_folder_that_can_not_be_written_is_refused() -> None:
    """A place that is no folder of ours is named."""
    with pytest.raises(StartRefused, match="can not be written"):
        DataFolder(Path("/proc/arv")).create()
