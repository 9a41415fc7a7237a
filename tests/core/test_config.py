"""Settings: where they come from, and which are refused."""

from pathlib import Path

import pytest

from app.core.config import DatabaseSettings, MailSettings, Settings, SettingsRefused

GOOD_SECRET = "0123456789" * 4


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "DEBUG", "SECRET_KEY", "DATABASE_URL", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "environment",
    [
        {"SECRET_KEY": "change-me"},
        {"SECRET_KEY": "tiny"},
        {"SECRET_KEY": "please-CHANGE-ME-before-you-go-live-0123456789"},
        {"SECRET_KEY": GOOD_SECRET, "DEBUG": "true"},
        {"SECRET_KEY": GOOD_SECRET, "STORAGE_LINK_SECRET": "short"},
        {
            "SECRET_KEY": GOOD_SECRET,
            "BACKUP_PASSWORD": "change-me-0123456789-0123456789-0123456789",
        },
        {"SECRET_KEY": GOOD_SECRET, "METRICS_TOKEN": "scrape"},
        {"SECRET_KEY": GOOD_SECRET, "DATABASE_URL": "postgresql://arv:change-me@postgres/arv"},
        {},
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Placeholder, short or missing secrets and DEBUG do not go to production."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsRefused) as refusal:
        Settings()

    assert environment.get("SECRET_KEY", "change-me") not in str(refusal.value)


def test_production_with_a_real_secret_logs_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a real secret production starts, and its logs are for machines."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", GOOD_SECRET)

    assert Settings().log_format == "json"


def test_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """<NAME>_FILE names a file whose content wins over the plain variable."""
    secret = tmp_path / "secret"
    secret.write_text(GOOD_SECRET + "\n")
    monkeypatch.setenv("SECRET_KEY", "change-me")
    monkeypatch.setenv("SECRET_KEY_FILE", str(secret))

    assert Settings().secret_key.get_secret_value() == GOOD_SECRET


def test_an_empty_secret_file_sets_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As an empty variable does: compose mounts a file for a mail server there need not be."""
    empty = tmp_path / "smtp_url"
    empty.write_text("\n")
    monkeypatch.setenv("SMTP_URL_FILE", str(empty))

    assert MailSettings().smtp_url is None


def test_missing_secret_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret file that is not there is named, instead of a quiet default."""
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/secret")

    with pytest.raises(SettingsRefused, match="SECRET_KEY_FILE"):
        Settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_any_postgres_scheme(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """However the operator writes the scheme, the async driver is used."""
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://arv:pw@db/arv")

    assert DatabaseSettings().url == "postgresql+asyncpg://arv:pw@db/arv"


def test_settings_do_not_print_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows neither key nor password."""
    monkeypatch.setenv("SECRET_KEY", GOOD_SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql://arv:hidden-password@db/arv")

    shown = repr(Settings())

    assert GOOD_SECRET not in shown
    assert "hidden-password" not in shown
