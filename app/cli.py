"""The `arv` command. Each command's body lives with its feature; modules are loaded when asked for."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.local.backup_commands import backup
from app.local.console import StartRefused, complain, say
from app.local.secret_commands import secrets

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="ARV makes print come alive in a phone browser.",
)

DataDir = Annotated[Path | None, typer.Option(help="Data folder; default ARV_DATA_DIR, or .arv")]
Port = Annotated[int, typer.Option(min=1, max=65535, envvar="ARV_PORT", help="Port of the service")]
Host = Annotated[
    str, typer.Option(envvar="ARV_HOST", help="0.0.0.0 lets phones in your network in")
]


@cli.command()
def up(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    data_dir: DataDir = None,
    lan: Annotated[bool, typer.Option(help="Let phones in this network in, over https")] = False,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser")] = True,
    verbose: Annotated[bool, typer.Option(help="Show every log line, not warnings only")] = False,
) -> None:
    """Run everything on this machine: database, broker, API, worker and beat."""
    from app.local.ports import require_free

    host = "0.0.0.0" if lan else host  # noqa: S104  (asked for)
    require_free(host, port)  # before anything takes time
    from app.local.folders import DataFolder, default_data_folder
    from app.local.stack import address_of
    from app.local.up import UpOptions, run_up

    folder = DataFolder(data_dir.absolute()) if data_dir else default_data_folder()
    run_up(UpOptions(folder, address_of(folder, host, port, lan=lan), open_browser, verbose))


@cli.command()
def migrate() -> None:
    """Bring the database schema to the newest revision."""
    from app.core.migrations import upgrade_to_head

    say(f"schema at {upgrade_to_head()}")


@cli.command()
def upgrade(
    check: Annotated[bool, typer.Option("--check", help="Look only; exit 1: not yet")] = False,
) -> None:
    """Say whether this release may be rolled out onto the installation that runs."""
    from app.local.upgrade_check import check_upgrade

    if not check:
        raise typer.BadParameter(
            "only --check is done here; docs/runbooks/upgrade.md does the rest"
        )
    if not check_upgrade():
        raise typer.Exit(1)


@cli.command()
def serve(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Run the API alone, with WEB_CONCURRENCY processes, behind a proxy."""
    from app.local.serve import run_api

    run_api(host, port)


@cli.command()
def seed(
    admin: Annotated[bool, typer.Option(help="Make the first administrator and print how")] = True,
) -> None:
    """Make what every installation begins with; harmless when it is there."""
    from app.seed import seed as make_beginning
    from app.seed import seed_company

    if not admin:
        asyncio.run(seed_company())
        say("no administrator yet? arv create-admin makes one and shows a one-time password")
        return
    access = asyncio.run(make_beginning())
    say(f"administrator: {access.email}")
    if access.one_time_password:
        say(f"one-time password: {access.one_time_password}")


@cli.command("create-admin")
def create_admin(
    email: Annotated[str | None, typer.Argument(help="Default: ADMIN_EMAIL")] = None,
    reset: Annotated[bool, typer.Option(help="New one-time password if the user exists")] = False,
    data_dir: DataDir = None,
) -> None:
    """Make an administrator, or with --reset give one a new one-time password."""
    from app.local.access import give_access

    give_access(email, reset=reset, data_dir=data_dir)


@cli.command()
def worker(
    queues: Annotated[str | None, typer.Option(help="Comma-separated; default all")] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Jobs at a time")] = None,
    celery_options: Annotated[list[str] | None, typer.Argument(help="Further, after --")] = None,
) -> None:
    """Run a worker that does the jobs."""
    from app.local.worker import run_worker

    run_worker(queues, concurrency, celery_options or [])


@cli.command()
def beat() -> None:
    """Run the clock that begins periodic tasks; a second one stands by."""
    from app.local.worker import run_beat

    run_beat()


@cli.command()
def demo(
    url: Annotated[
        str | None, typer.Option(help="Address; default the ARV on this machine")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Sign in as; default a demo member")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="ARV_DEMO_PASSWORD", help="Goes with --email")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Publish a sample print made on the spot, and show its link and QR code."""
    from app.demo import DemoOptions, run_demo
    from app.local.folders import DataFolder

    folder = DataFolder(data_dir.absolute()) if data_dir else None
    run_demo(DemoOptions(folder, url, email, password))


@cli.command()
def doctor(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    data_dir: DataDir = None,
    storage: Annotated[
        bool, typer.Option("--storage", help="Compare the register of files with the storage")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="With --storage: read and hash every byte")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="With --storage: repair what is safe; else only look")
    ] = False,
) -> None:
    """Say what is in place on this machine and what is missing, with the remedy."""
    if storage:
        _examine_storage(data_dir, deep=deep, repair=repair)
        return
    if deep or repair:
        raise typer.BadParameter("--deep and --repair go with --storage")
    from app.local.doctor import examine

    if not examine(host, port, data_dir):
        raise typer.Exit(1)


def _examine_storage(data_dir: Path | None, *, deep: bool, repair: bool) -> None:
    from app.local.access import use_running_database
    from app.local.folders import DataFolder, default_data_folder
    from app.local.storage_report import examine_storage

    use_running_database(DataFolder(data_dir.absolute()) if data_dir else default_data_folder())
    if not examine_storage(deep=deep, repair=repair):
        raise typer.Exit(1)


@cli.command()
def health(kind: Annotated[Literal["worker", "beat"], typer.Argument(help="Whose")]) -> None:
    """Say whether the workers or the beat of this machine go round; for healthchecks, in no time."""
    from app.tasks.alive import verdict

    is_alive, words = verdict(kind)
    (say if is_alive else complain)(words)
    if not is_alive:
        raise typer.Exit(1)


@cli.command()
def tune(
    what: Annotated[Literal["postgres"], typer.Argument(help="Whose settings")],
    memory: Annotated[str, typer.Option(help="What PostgreSQL has for itself, such as 4G")],
    connections: Annotated[int, typer.Option(min=10, help="At most at a time")] = 100,
    spinning: Annotated[bool, typer.Option("--spinning", help="Its disk is no SSD")] = False,
    flags: Annotated[bool, typer.Option("--flags", help="As docker-compose.yml has them")] = False,
) -> None:
    """Print PostgreSQL's settings for so much memory, with the reasons, to be put into postgresql.conf."""
    from app.local.postgres_tuning import as_configuration, as_flags, bytes_of, tuned

    try:
        settings = tuned(bytes_of(memory), connections=connections, spinning=spinning)
    except ValueError as error:
        raise typer.BadParameter(f"--memory: {error}.") from error
    typer.echo(as_flags(settings) if flags else as_configuration(settings))


cli.add_typer(backup, name="backup")
cli.add_typer(secrets, name="secrets")

exports = typer.Typer(no_args_is_help=True, help="Exports of companies.")
cli.add_typer(exports, name="export")


@exports.callback()
def _exports() -> None:
    """Exports of companies."""


@exports.command("verify")
def verify_export(path: Annotated[Path, typer.Argument(help="The zip of an export")]) -> None:
    """Prove that an export is whole: every file there, none changed, none too many."""
    from app.exports.verification import verify

    verdict = verify(path)
    for fault in verdict.faults:
        complain(fault)
    if verdict.faults:
        raise typer.Exit(1)
    say(f"whole: {verdict.entries} files, {verdict.size_bytes:,} bytes, every checksum right")


@cli.command()
def version() -> None:
    """Print the version."""
    from app import __version__

    say(__version__)


def main() -> None:
    """Entry point of `arv`: a refusal is one line and exit code 1, never a stack."""
    from app.core.config import SettingsRefused

    try:
        cli()
    except (StartRefused, SettingsRefused) as refusal:
        complain(str(refusal))
        sys.exit(1)


if __name__ == "__main__":
    main()
