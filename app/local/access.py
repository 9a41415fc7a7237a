"""`arv create-admin`: against the database of the settings, or the one `arv up` runs in the data folder."""

import asyncio
import os
from pathlib import Path

from app.core.config import DatabaseSettings, get_settings
from app.local.console import StartRefused, bold, say
from app.local.folders import DataFolder, default_data_folder, read_environment
from app.seed import ensure_admin, reset_admin

RUNNING_ENVIRONMENT = "environment"


def give_access(email: str | None, *, reset: bool, data_dir: Path | None) -> None:
    """Print the address and a one-time password. Raises `StartRefused` when the user exists already."""
    folder = DataFolder(data_dir.absolute()) if data_dir else default_data_folder()
    use_running_database(folder)
    address = (email or get_settings().admin_email).strip().lower()
    access = asyncio.run(reset_admin(address) if reset else ensure_admin(address))
    if access.one_time_password is None:
        raise StartRefused(f"{access.email} exists: add --reset for a new one-time password.")
    say(f"  Sign in   {bold(access.email)}")
    say(
        f"  Password  {bold(access.one_time_password)}   (one-time: you choose your own at sign-in)"
    )


def use_running_database(folder: DataFolder) -> None:
    if "url" in DatabaseSettings().model_fields_set:
        return
    note = folder.run / RUNNING_ENVIRONMENT
    if not note.exists():
        raise StartRefused(
            f"No ARV runs on {folder.root}: start it (arv up) in another terminal, or set DATABASE_URL."
        )
    os.environ.update(read_environment(note))
    get_settings.cache_clear()
