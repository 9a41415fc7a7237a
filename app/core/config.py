"""Settings in nested groups, read from flat environment names.

`DATABASE_URL` becomes `settings.database.url`. Any value may come from a file instead: `DATABASE_URL_FILE`
names it, the way container secrets are mounted. A `.env` file in the working directory is read too
(another one with `ARV_ENV_FILE`). Outside development the placeholder secrets are refused.
"""

import os
import re
from email.utils import parseaddr
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from limits import parse as parse_limit
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.core import timetable

CHECKOUT = Path(__file__).resolve().parents[2]
PLACEHOLDER = "change-me"
SHORTEST_SECRET = 32
# A scheme, a host and perhaps a port: it becomes part of a header, so nothing else may be in it.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
ASYNC_POSTGRES = "postgresql+asyncpg://"


class SettingsRefused(Exception):
    """The settings are unsafe or contradict each other; the text says which and what to do."""


class SecretFiles(PydanticBaseSettingsSource):
    """Reads `<NAME>_FILE` for every setting `<NAME>`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = str(field.validation_alias or field_name)
        path = os.environ.get(f"{name}_FILE")
        return (_read_secret(name, path) if path else None), name, False

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(f, n) for n, f in self.settings_cls.model_fields.items())
        return {name: value for value, name, _ in found if value}  # an empty file sets nothing


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingsRefused(f"{name}_FILE names {path}: {error.strerror}.") from error


class Group(BaseSettings):
    """One subject of the settings; each field's alias is its environment name."""

    model_config = SettingsConfigDict(
        env_file=os.environ.get("ARV_ENV_FILE", ".env"),
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        frozen=True,
        hide_input_in_errors=True,  # a refused URL may hold a password
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # SecretFiles stands in for it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, SecretFiles(settings_cls), env_settings, dotenv_settings


def _with_async_driver(url: str) -> str:
    """The same URL with the asyncpg driver, however the operator wrote the scheme."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return ASYNC_POSTGRES + url.removeprefix(scheme)
    return url


class DatabaseSettings(Group):
    url: Annotated[str, AfterValidator(_with_async_driver)] = Field(
        f"{ASYNC_POSTGRES}arv@localhost:5432/arv", validation_alias="DATABASE_URL", repr=False
    )
    pool_size: int = Field(5, validation_alias="DB_POOL_SIZE", ge=1)
    max_overflow: int = Field(5, validation_alias="DB_MAX_OVERFLOW", ge=0)


class CacheSettings(Group):
    url: str = Field("redis://localhost:6379/0", validation_alias="REDIS_URL", repr=False)


class BrokerSettings(Group):
    url: str = Field("redis://localhost:6379/1", validation_alias="CELERY_BROKER_URL", repr=False)


class JobSettings(Group):
    """How quickly lost work is found, what a worker may take, and how long ended jobs are kept."""

    lease_seconds: float = Field(30, validation_alias="JOB_LEASE_SECONDS", gt=0)
    sweep_seconds: float = Field(5, validation_alias="JOB_SWEEP_SECONDS", gt=0)
    resend_seconds: float = Field(10, validation_alias="JOB_RESEND_SECONDS", gt=0)
    keep_days: float = Field(7, validation_alias="JOB_KEEP_DAYS", gt=0)
    keep_failed_days: float = Field(90, validation_alias="JOB_KEEP_FAILED_DAYS", gt=0)
    worker_concurrency: int | None = Field(None, validation_alias="WORKER_CONCURRENCY", ge=1)
    worker_memory_mb: int = Field(1536, validation_alias="WORKER_MEMORY_MB", ge=0)
    worker_recycle_mb: int = Field(512, validation_alias="WORKER_RECYCLE_MB", ge=1)
    shutdown_seconds: float = Field(20, validation_alias="WORKER_SHUTDOWN_SECONDS", ge=0)


def _a_timing(text: str) -> str:
    """The same text when it says when something is due. Raises `ValueError`."""
    timetable.parse(text)
    return text


Timing = Annotated[str, AfterValidator(_a_timing)]


class BeatSettings(Group):
    """When the beat table's tasks run: `900` seconds, `03:30 Europe/Berlin` once a day, `0` never."""

    sweep_incoming: Timing = Field("900", validation_alias="BEAT_SWEEP_INCOMING")
    sweep_keys: Timing = Field("3600", validation_alias="BEAT_SWEEP_IDEMPOTENCY_KEYS")
    review_subscriptions: Timing = Field("600", validation_alias="BEAT_REVIEW_SUBSCRIPTIONS")
    recheck_domains: Timing = Field("86400", validation_alias="BEAT_RECHECK_DOMAINS")
    sweep_exports: Timing = Field("3600", validation_alias="BEAT_SWEEP_EXPORTS")
    sweep_companies: Timing = Field("3600", validation_alias="BEAT_SWEEP_DELETED_COMPANIES")
    recount_usage: Timing = Field("86400", validation_alias="BEAT_RECOUNT_USAGE")
    review_ends: Timing = Field("60", validation_alias="BEAT_REVIEW_ENDS")
    sweep_mail: Timing = Field("3600", validation_alias="BEAT_SWEEP_MAIL")
    send_digests: Timing = Field("900", validation_alias="BEAT_SEND_DIGESTS")
    sweep_notifications: Timing = Field("86400", validation_alias="BEAT_SWEEP_NOTIFICATIONS")
    sweep_webhooks: Timing = Field("30", validation_alias="BEAT_SWEEP_WEBHOOKS")
    sweep_jobs: Timing = Field("3600", validation_alias="BEAT_SWEEP_FINISHED_JOBS")
    sweep_storage: Timing = Field("600", validation_alias="BEAT_SWEEP_STORAGE")
    clean_up_moves: Timing = Field("600", validation_alias="BEAT_CLEAN_UP_MOVES")
    unused_uploads: Timing = Field("86400", validation_alias="BEAT_RELEASE_UNUSED_UPLOADS")
    check_storage: Timing = Field("sun 03:30 UTC", validation_alias="BEAT_CHECK_STORAGE")
    create_backup: Timing = Field("02:30 UTC", validation_alias="BEAT_CREATE_BACKUP")
    verify_backup: Timing = Field("sun 04:30 UTC", validation_alias="BEAT_VERIFY_BACKUP")


class StorageSettings(Group):
    root: Path = Field(Path("storage/content"), validation_alias="STORAGE_ROOT")
    # How long an address of a file is good at most; what was unpublished is gone after it. A cache may show
    # pages for two thirds of it while the service is down (app/storage/links.py).
    link_seconds: int = Field(1800, validation_alias="STORAGE_LINK_SECONDS", ge=60, le=86400)
    # What nginx checks addresses with; empty: derived from SECRET_KEY.
    link_secret: SecretStr = Field(SecretStr(""), validation_alias="STORAGE_LINK_SECRET")


class DefaultStorageSettings(Group):
    """Where files of companies without a storage of their own lie (app/storage/installation.py)."""

    kind: Literal["local", "s3"] = Field("local", validation_alias="DEFAULT_STORAGE")
    endpoint: str = Field("", validation_alias="S3_ENDPOINT")
    region: str = Field("us-east-1", validation_alias="S3_REGION")
    bucket: str = Field("", validation_alias="S3_BUCKET")
    prefix: str = Field("", validation_alias="S3_PREFIX", pattern=r"^[A-Za-z0-9_./-]*$")
    access_key_id: str = Field("", validation_alias="S3_ACCESS_KEY_ID")
    secret_access_key: SecretStr = Field(SecretStr(""), validation_alias="S3_SECRET_ACCESS_KEY")
    path_style: bool = Field(True, validation_alias="S3_PATH_STYLE")
    delivery: Literal["direct", "through_arv"] = Field(
        "through_arv", validation_alias="S3_DELIVERY"
    )
    public_endpoint: str = Field("", validation_alias="S3_PUBLIC_ENDPOINT")

    @model_validator(mode="after")
    def _refuse_half_a_bucket(self) -> Self:
        given = {
            "S3_ENDPOINT": self.endpoint,
            "S3_BUCKET": self.bucket,
            "S3_ACCESS_KEY_ID": self.access_key_id,
            "S3_SECRET_ACCESS_KEY": self.secret_access_key.get_secret_value(),
        }
        missing = [name for name, value in given.items() if not value]
        if self.kind == "s3" and missing:
            raise SettingsRefused(f"DEFAULT_STORAGE=s3 needs {', '.join(missing)}.")
        return self


class KeepingSettings(Group):
    """How long bytes outlive their use, and how gently they move (docs/reference/storage-keeping.md)."""

    released_days: float = Field(30, validation_alias="STORAGE_KEEP_DAYS", ge=0)
    unused_upload_days: float = Field(7, validation_alias="STORAGE_UNUSED_UPLOAD_DAYS", gt=0)
    moved_days: float = Field(7, validation_alias="STORAGE_MOVED_DAYS", ge=0)
    move_bytes_per_second: int = Field(0, validation_alias="STORAGE_MOVE_RATE", ge=0)


class YandexSettings(Group):
    """The operator's application at https://oauth.yandex.com; without one no Disk can be connected."""

    client_id: str = Field("", validation_alias="YANDEX_CLIENT_ID")
    client_secret: SecretStr = Field(SecretStr(""), validation_alias="YANDEX_CLIENT_SECRET")
    api_url: str = Field("https://cloud-api.yandex.net", validation_alias="YANDEX_API_URL")
    oauth_url: str = Field("https://oauth.yandex.com", validation_alias="YANDEX_OAUTH_URL")

    @property
    def is_set_up(self) -> bool:
        return bool(self.client_id and self.client_secret.get_secret_value())


class UploadSettings(Group):
    max_bytes: int = Field(500 * 1024 * 1024, validation_alias="MAX_UPLOAD_BYTES", ge=1)
    max_image_pixels: int = Field(50_000_000, validation_alias="MAX_IMAGE_PIXELS", ge=1)
    max_video_seconds: int = Field(600, validation_alias="MAX_VIDEO_SECONDS", ge=1)
    kept_hours: float = Field(24, validation_alias="UPLOAD_KEPT_HOURS", gt=0)
    stall_seconds: float = Field(30, validation_alias="UPLOAD_STALL_SECONDS", gt=0)
    at_once: int = Field(8, validation_alias="UPLOADS_AT_ONCE", ge=1)
    # Object stores that the panel's pages may send files to; the panel's policy names them.
    direct_origins: str = Field("", validation_alias="DIRECT_UPLOAD_ORIGINS")

    @property
    def origins(self) -> tuple[str, ...]:
        parts = (part.strip().rstrip("/") for part in self.direct_origins.split(","))
        return tuple(part for part in parts if part)

    @model_validator(mode="after")
    def _refuse_no_origin(self) -> Self:
        for origin in self.origins:
            if _ORIGIN.fullmatch(origin) is None:
                raise SettingsRefused(
                    f"DIRECT_UPLOAD_ORIGINS: {origin} is no origin such as https://s3.example.com."
                )
        return self


def _an_smtp_address(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host:465")
    if not set(parse_qs(parts.query).get("starttls", [])) <= {"always", "never", "offered"}:
        raise ValueError("starttls is always, never or offered")
    return url


def _a_sender(text: str) -> str:
    if not parseaddr(text)[1].rpartition("@")[2] or "\n" in text or "\r" in text:
        raise ValueError("write an address such as ARV <arv@example.com>")
    return text


class MailSettings(Group):
    """Where mail is handed over. Without a server development keeps it in its mailbox page."""

    smtp_url: Annotated[SecretStr, AfterValidator(_an_smtp_address)] | None = Field(
        None, validation_alias="SMTP_URL"
    )
    sender: Annotated[str, AfterValidator(_a_sender)] = Field(
        "ARV <arv@localhost>", validation_alias="MAIL_FROM"
    )
    timeout_seconds: float = Field(10, validation_alias="SMTP_TIMEOUT_SECONDS", gt=0, le=30)


class NotificationSettings(Group):
    """The operator's Telegram bot, and where the Bot API is (one's own server is possible)."""

    telegram_bot_token: SecretStr | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_api_url: str = Field("https://api.telegram.org", validation_alias="TELEGRAM_API_URL")
    digest_hour: int = Field(8, validation_alias="DIGEST_HOUR", ge=0, le=23)


class WebhookSettings(Group):
    """How long an endpoint may take, and how long it may fail."""

    timeout_seconds: float = Field(10, validation_alias="WEBHOOK_TIMEOUT_SECONDS", gt=0, le=30)
    give_up_hours: float = Field(24, validation_alias="WEBHOOK_GIVE_UP_HOURS", gt=0)
    disable_after_hours: float = Field(72, validation_alias="WEBHOOK_DISABLE_AFTER_HOURS", gt=0)


class LogSettings(Group):
    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="LOG_LEVEL"
    )
    format: Literal["console", "json"] | None = Field(None, validation_alias="LOG_FORMAT")


class MetricsSettings(Group):
    """Who may read `/metrics`: whoever sends this token; with none set, private addresses."""

    token: SecretStr | None = Field(None, validation_alias="METRICS_TOKEN")


class TracingSettings(Group):
    """Where spans go: an OpenTelemetry collector's address, OTLP over HTTP. None: nothing is traced."""

    endpoint: str = Field("", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")


class SentrySettings(Group):
    """Whom errors are told, besides the log."""

    dsn: SecretStr | None = Field(None, validation_alias="SENTRY_DSN")


class WebSettings(Group):
    """Where people reach ARV and where the built pages lie (`admin/`, `viewer/` or their `dist`)."""

    public_url: str = Field("http://localhost:8000", validation_alias="PUBLIC_URL")
    dist: Path = Field(CHECKOUT / "web", validation_alias="WEB_DIST")
    # How long the API serves on after SIGTERM while proxies learn to ask another one.
    drain_seconds: float = Field(0, validation_alias="DRAIN_SECONDS", ge=0, le=30)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def page(self, path: str) -> str:
        """The full address of a page of the panel, for mails: `page("account/security")`."""
        return f"{self.public_url.rstrip('/')}/{path}"

    def dist_folder(self, app: Literal["admin", "viewer"]) -> Path:
        """The folder with the app's index.html: `<dist>/<app>/dist` in a checkout, else `<dist>/<app>`."""
        built = self.dist / app / "dist"
        return built if built.is_dir() else self.dist / app


def _one_limit(text: str) -> str:
    """The same text when it is a rate `limits` understands. Raises `ValueError`."""
    parse_limit(text)
    return text


Rate = Annotated[str, AfterValidator(_one_limit)]


class LimitSettings(Group):
    """Requests a caller may make, as `600/minute`; see app/core/limits.py for who is counted how."""

    enabled: bool = Field(True, validation_alias="RATE_LIMITS")
    address: Rate = Field("1200/minute", validation_alias="RATE_LIMIT_ADDRESS")
    account: Rate = Field("600/minute", validation_alias="RATE_LIMIT_ACCOUNT")
    key: Rate = Field("600/minute", validation_alias="RATE_LIMIT_KEY")
    sign_in: Rate = Field("30/minute", validation_alias="RATE_LIMIT_SIGN_IN")
    uploads: Rate = Field("120/minute", validation_alias="RATE_LIMIT_UPLOADS")
    exports: Rate = Field("10/minute", validation_alias="RATE_LIMIT_EXPORTS")


class OutboundSettings(Group):
    """Addresses of our own network that customers may name as theirs: identity providers, storage."""

    allowed_networks: str = Field("", validation_alias="OUTBOUND_ALLOWED_NETWORKS")

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(part.strip()) for part in self.allowed_networks.split(",") if part)

    @model_validator(mode="after")
    def _refuse_no_network(self) -> Self:
        try:
            _ = self.networks
        except ValueError as error:
            raise SettingsRefused(f"OUTBOUND_ALLOWED_NETWORKS: {error}.") from error
        return self


class DomainSettings(Group):
    """Whom to ask for the records that prove companies' hostnames: `address:port`, comma-separated."""

    dns_servers: str = Field("", validation_alias="DNS_SERVERS")


class BackupSettings(Group):
    """Where backups go, how they are encrypted, and which are kept (docs/reference/backup.md)."""

    repository: str = Field("", validation_alias="BACKUP_REPOSITORY")
    second_repository: str = Field("", validation_alias="BACKUP_SECOND_REPOSITORY")
    password: SecretStr = Field(SecretStr(""), validation_alias="BACKUP_PASSWORD")
    s3_access_key_id: str = Field("", validation_alias="BACKUP_S3_ACCESS_KEY_ID")
    s3_secret_access_key: SecretStr = Field(
        SecretStr(""), validation_alias="BACKUP_S3_SECRET_ACCESS_KEY"
    )
    # A login that reads and makes databases, where that of DATABASE_URL may not.
    database_url: str = Field("", validation_alias="BACKUP_DATABASE_URL", repr=False)
    work: Path | None = Field(None, validation_alias="BACKUP_WORK")
    keep_days: int = Field(30, validation_alias="BACKUP_KEEP_DAYS", ge=1)
    keep_weekly: int = Field(8, validation_alias="BACKUP_KEEP_WEEKLY", ge=0)
    keep_monthly: int = Field(12, validation_alias="BACKUP_KEEP_MONTHLY", ge=0)


class Settings(Group):
    environment: Literal["development", "test", "production"] = Field(
        "development", validation_alias="ENVIRONMENT"
    )
    debug: bool = Field(False, validation_alias="DEBUG")
    secret_key: SecretStr = Field(SecretStr(PLACEHOLDER), validation_alias="SECRET_KEY")
    old_secret_keys: SecretStr = Field(SecretStr(""), validation_alias="OLD_SECRET_KEYS")
    admin_email: str = Field("admin@example.com", validation_alias="ADMIN_EMAIL")
    require_superadmin_totp: bool | None = Field(None, validation_alias="REQUIRE_SUPERADMIN_TOTP")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    cache: CacheSettings = Field(default_factory=CacheSettings)
    broker: BrokerSettings = Field(default_factory=BrokerSettings)
    jobs: JobSettings = Field(default_factory=JobSettings)
    beat: BeatSettings = Field(default_factory=BeatSettings)
    storage: StorageSettings = Field(default_factory=StorageSettings)
    installation_storage: DefaultStorageSettings = Field(default_factory=DefaultStorageSettings)
    keeping: KeepingSettings = Field(default_factory=KeepingSettings)
    yandex: YandexSettings = Field(default_factory=YandexSettings)
    uploads: UploadSettings = Field(default_factory=UploadSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    notifications: NotificationSettings = Field(default_factory=NotificationSettings)
    webhooks: WebhookSettings = Field(default_factory=WebhookSettings)
    outbound: OutboundSettings = Field(default_factory=OutboundSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    tracing: TracingSettings = Field(default_factory=TracingSettings)
    sentry: SentrySettings = Field(default_factory=SentrySettings)
    web: WebSettings = Field(default_factory=WebSettings)
    domains: DomainSettings = Field(default_factory=DomainSettings)
    backups: BackupSettings = Field(default_factory=BackupSettings)

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def log_format(self) -> Literal["console", "json"]:
        return self.log.format or ("json" if self.is_production else "console")

    @property
    def superadmin_needs_totp(self) -> bool:
        """Unless said otherwise, in production only: `make run` stays two clicks."""
        chosen = self.require_superadmin_totp
        return self.is_production if chosen is None else chosen

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.is_production:
            if self.debug:
                raise SettingsRefused("DEBUG is on while ENVIRONMENT=production: unset DEBUG.")
            _refuse_weak_secret("SECRET_KEY", self.secret_key.get_secret_value())
            _refuse_placeholder("DATABASE_URL", self.database.url)
            _refuse_placeholder("BACKUP_PASSWORD", self.backups.password.get_secret_value())
            for name, secret in self._chosen_secrets().items():
                _refuse_weak_secret(name, secret)
        return self

    def _chosen_secrets(self) -> dict[str, str]:
        """Those that need not be set, as far as they are."""
        secrets = {
            "STORAGE_LINK_SECRET": self.storage.link_secret,
            "METRICS_TOKEN": self.metrics.token or SecretStr(""),
        }
        return {name: s.get_secret_value() for name, s in secrets.items() if s.get_secret_value()}


def _refuse_placeholder(name: str, text: str) -> None:
    if PLACEHOLDER in text.lower():
        raise SettingsRefused(f"{name} holds the placeholder {PLACEHOLDER!r}: write the real one.")


def _refuse_weak_secret(name: str, secret: str) -> None:
    if PLACEHOLDER in secret.lower() or len(secret) < SHORTEST_SECRET:
        raise SettingsRefused(
            f"{name} is a placeholder or shorter than {SHORTEST_SECRET} characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once. Tests call `get_settings.cache_clear()`."""
    return Settings()
