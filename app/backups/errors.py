"""What can go wrong with backups.

ArvError
├── BackupRefused            409 backup_refused         it was not begun, and nothing was changed
│   └── BackupsNotSetUp      409 backups_not_set_up     no repository is named in the settings
└── BackupFailed             500 backup_failed          a program or a server did not do its part
    └── BackupDamaged        500 backup_damaged         what lies in the repository is not what was saved
"""

from app.core.errors import ArvError, Conflict


class BackupRefused(Conflict):
    code = "backup_refused"
    title = "The backup was not begun"


class BackupsNotSetUp(BackupRefused):
    code = "backups_not_set_up"
    title = "Backups are not set up"


class BackupFailed(ArvError):
    """`complaint` is all that the program wrote."""

    code = "backup_failed"
    title = "The backup failed"
    complaint = ""


class BackupDamaged(BackupFailed):
    code = "backup_damaged"
    title = "The backup is damaged"
