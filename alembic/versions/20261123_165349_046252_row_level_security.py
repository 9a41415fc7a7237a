"""The roles the service works under, and row level security on every table of a company.

Revision ID: 20261123_165349_046252
Revises: 20261123_165215_653456
"""

from collections.abc import Sequence

from alembic import op
from app.core.tenancy import APP_ROLE, SYSTEM_ROLE, make_append_only, protect, unprotect

revision: str = "20261123_165349_046252"
down_revision: str | None = "20261123_165215_653456"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "ar_contents",
    "company_usage",
    "events",
    "invitations",
    "jobs",
    "mail_messages",
    "memberships",
    "monthly_views",
    "projects",
    "storage_deltas",
    "stored_files",
    "subscriptions",
    "targets",
    "uploads",
    "videos",
)

# Roles belong to the whole server: another database's migration may make them at the same moment, and a
# login of a hosted server may not make roles at all. PL/pgSQL, so that `--sql` prints a script that works.
MAKE_ROLE = """
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    BEGIN
      CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The login % may not make the role {role} that ARV works under', current_user
          USING ERRCODE = 'insufficient_privilege', HINT = format(
            'Ask an administrator of the server for: CREATE ROLE {role} NOLOGIN; '
            'GRANT {role} TO %I; and migrate again.', current_user);
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'The role {role} is a superuser or bypasses row level security'
      USING HINT = 'ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS; and migrate again.';
  END IF;
  IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
    BEGIN
      EXECUTE format('GRANT {role} TO %I', current_user);
    EXCEPTION
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The login % is no member of the role {role} that ARV works under', current_user
          USING ERRCODE = 'insufficient_privilege', HINT = format(
            'Ask an administrator of the server for: GRANT {role} TO %I; and migrate again.',
            current_user);
    END;
  END IF;
END $$
"""


def upgrade() -> None:
    for role in (APP_ROLE, SYSTEM_ROLE):
        op.execute(MAKE_ROLE.format(role=role))
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}")
        op.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        )
    make_append_only(op, "events")
    for table in TABLES:
        protect(op, table)
    protect(op, "storage_connections", shared=True)
    protect(op, "companies", column="id")


def downgrade() -> None:
    """The roles stay: other databases of the server may use them."""
    unprotect(op, "companies")
    unprotect(op, "storage_connections", shared=True)
    for table in TABLES:
        unprotect(op, table)
    for role in (APP_ROLE, SYSTEM_ROLE):
        op.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
            f"REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM {role}"
        )
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        op.execute(f"REVOKE USAGE ON SCHEMA public FROM {role}")
