"""Imports every models.py, so that migrations, workers and tests see all tables."""

from app.ar_content.models import ArContent, Target, Video
from app.auth.models import SignInFailure, UserSession
from app.companies.models import Company, Membership
from app.core.database import Base
from app.core.jobs import Job
from app.events.models import Event
from app.mail.models import MailMessage
from app.projects.models import Project
from app.storage.models import StorageConnection, StoredFile
from app.subscriptions.models import MonthlyViews, Plan, StorageDelta, Subscription, Usage
from app.uploads.models import Upload
from app.users.models import User

__all__ = [
    "ArContent",
    "Base",
    "Company",
    "Event",
    "Job",
    "MailMessage",
    "Membership",
    "MonthlyViews",
    "Plan",
    "Project",
    "SignInFailure",
    "StorageConnection",
    "StorageDelta",
    "StoredFile",
    "Subscription",
    "Target",
    "Upload",
    "Usage",
    "User",
    "UserSession",
    "Video",
]
