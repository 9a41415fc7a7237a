"""`arv secrets ...`: change the key that customers' credentials are encrypted with."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.local.console import StartRefused, complain, say

secrets = typer.Typer(no_args_is_help=True, help="Secrets at rest, and the key they are under.")


@secrets.callback()
def _secrets() -> None:
    """Secrets at rest, and the key they are under."""


@secrets.command("rotate")
def rotate(
    check: Annotated[bool, typer.Option("--check", help="Only tell how they stand")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Data folder of `arv up`")] = None,
) -> None:
    """Store everything encrypted under SECRET_KEY; OLD_SECRET_KEYS read what older keys wrote.

    Ends with 1 when something is left that SECRET_KEY alone does not open.
    """
    from app.local.access import use_running_database
    from app.local.folders import DataFolder, default_data_folder

    use_running_database(DataFolder(data_dir.absolute()) if data_dir else default_data_folder())
    if not asyncio.run(_rotate(check=check)):
        raise typer.Exit(1)


async def _rotate(*, check: bool) -> bool:
    import app.all_models  # noqa: F401  (every table's columns are known then)
    from app.core.database import dispose_engine
    from app.core.resealing import count_sealed, reseal_all

    try:
        found = await (count_sealed() if check else reseal_all())
    except OSError as error:
        raise StartRefused(f"The database does not answer: {error}") from error
    finally:
        await dispose_engine()
    for each in found:
        done = f"{each.outdated:,} " + ("under an older key" if check else "stored anew")
        line = f"{each.column:<42} {each.current:,} under the newest key, {done}"
        if each.unreadable:
            complain(f"{line}, {each.unreadable:,} that no key opens")
        else:
            say(line)
    outdated, lost = sum(e.outdated for e in found), sum(e.unreadable for e in found)
    if lost:
        complain(f"{lost:,} can not be read: the key they were written with is missing.")
    elif check and outdated:
        complain("Run `arv secrets rotate`, and keep OLD_SECRET_KEYS until then.")
    else:
        say("everything is under SECRET_KEY")
    return not lost and not (check and outdated)
