"""Imports every models.py, so that migrations, workers and tests see all tables."""

from app.api_keys.models import ApiKey
from app.ar_content.models import ArContent, Target, Video
from app.auth.models import (
    AccountAttack,
    PasswordReset,
    SignInChallenge,
    SignInFailure,
    UserSession,
)
from app.backups.models import Backup, RestoreCheck
from app.companies.models import Company, Membership
from app.core.database import Base
from app.core.idempotency import KeptAnswer
from app.core.jobs import Job, JobQueue
from app.core.notices import Notice
from app.domains.models import CompanyDomain
from app.erasure.models import Erasure
from app.events.models import Event
from app.exports.models import Export
from app.imports.models import ContentImport, ImportRow
from app.look.models import Look
from app.mail.models import Letterhead, MailMessage
from app.members.models import Invitation
from app.notifications.models import Channel, Delivery, Notification, Preference
from app.projects.models import Project
from app.rotation.models import ExpiryNotice, Schedule
from app.sso.models import IdentityProvider, UserIdentity
from app.storage.models import (
    StorageCheck,
    StorageConnection,
    StorageGrant,
    StorageMove,
    StoredFile,
)
from app.subscriptions.models import MonthlyViews, Plan, StorageDelta, Subscription, Usage
from app.tasks.models import BeatTick, WorkProcess
from app.two_factor.models import Authenticator, RecoveryCode
from app.uploads.models import Upload
from app.users.models import EmailChange, User
from app.webhooks.models import Endpoint, InboxEvent, WebhookDelivery

__all__ = [
    "AccountAttack",
    "ApiKey",
    "ArContent",
    "Authenticator",
    "Backup",
    "Base",
    "BeatTick",
    "Channel",
    "Company",
    "CompanyDomain",
    "ContentImport",
    "Delivery",
    "EmailChange",
    "Endpoint",
    "Erasure",
    "Event",
    "ExpiryNotice",
    "Export",
    "IdentityProvider",
    "ImportRow",
    "InboxEvent",
    "Invitation",
    "Job",
    "JobQueue",
    "KeptAnswer",
    "Letterhead",
    "Look",
    "MailMessage",
    "Membership",
    "MonthlyViews",
    "Notice",
    "Notification",
    "PasswordReset",
    "Plan",
    "Preference",
    "Project",
    "RecoveryCode",
    "RestoreCheck",
    "Schedule",
    "SignInChallenge",
    "SignInFailure",
    "StorageCheck",
    "StorageConnection",
    "StorageDelta",
    "StorageGrant",
    "StorageMove",
    "StoredFile",
    "Subscription",
    "Target",
    "Upload",
    "Usage",
    "User",
    "UserIdentity",
    "UserSession",
    "Video",
    "WebhookDelivery",
    "WorkProcess",
]
