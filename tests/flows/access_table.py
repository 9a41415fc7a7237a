"""Which permission each route takes: the one table the isolation matrix holds the API to.

A new route is one line here, under its operation id:

    "update_thing": company(WRITE_CONTENTS),                      # what a role or key needs for it
    "delete_thing": company(WRITE_CONTENTS, ok=409),              # what who may do it gets here
    "create_thing": company(WRITE_CONTENTS, json={"name": "x"}),  # else its schema's first example
    "list_thing_kinds": person(),                                 # anybody who is signed in, no key
    "update_thing_kind": operator(),                              # superadmins only

`{project_id}` and the like are filled in, in paths and bodies, from the ids of the world the matrix makes
(`tests/flows/access_world.py`); a new path parameter needs its object there.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from app.companies.roles import (
    DELETE_COMPANY,
    EXPORT,
    MANAGE_COMPANY,
    MANAGE_KEYS,
    MANAGE_MEMBERS,
    MANAGE_STORAGE,
    PUBLISH,
    READ,
    READ_AUDIT,
    WRITE_CONTENTS,
    WRITE_PROJECTS,
)

# Held by no role and no key: below a company, and yet the superadmin's alone.
OPERATOR = "operator"

# An address of the public internet that needs no name server: nothing is asked of it.
S3_CONNECTION = {
    "name": "Bucket",
    "kind": "s3",
    "s3": {
        "endpoint": "https://1.1.1.1",
        "bucket": "photos",
        "access_key_id": "key",
        "secret_access_key": "not-a-secret",
    },
}

Reach = Literal["company", "person", "operator", "key", "public"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who reaches a route; `ok` is the answer to who may, the documented success if it is None."""

    reach: Reach
    permissions: tuple[str, ...] = ()
    is_fresh: bool = False
    ok: int | None = None
    sent: dict[str, Any] = field(default_factory=dict)


def company(*permissions: str, ok: int | None = None, is_fresh: bool = False, **sent: Any) -> Rule:
    """It takes each of the permissions; those after the first because of what the object is.

    `is_fresh`: only a person who has just proved who they are, never a key.
    """
    return Rule("company", permissions, is_fresh, ok, sent)


def person(*, ok: int | None = None, **sent: Any) -> Rule:
    return Rule("person", ok=ok, sent=sent)


def operator(*, ok: int | None = None, **sent: Any) -> Rule:
    return Rule("operator", ok=ok, sent=sent)


TUS = {"Tus-Resumable": "1.0.0"}
NEW_UPLOAD = TUS | {
    "Upload-Length": "1",
    "Upload-Metadata": "filename eA==,purpose aW1hZ2U=",  # x, image
}
PIECE = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
CSV = {"Content-Type": "text/csv"}
PUBLIC = Rule("public")
OWN_KEY = Rule("key")

TABLE: dict[str, Rule] = {
    # signing in, and oneself
    "sign_in": PUBLIC,
    "answer_second_factor": PUBLIC,
    "request_password_reset": PUBLIC,
    "reset_password": PUBLIC,
    "confirm_email_change": PUBLIC,
    "sign_out": person(),
    "get_me": person(),
    "confirm": person(),
    "change_password": person(ok=422),
    "list_sessions": person(),
    "end_session": person(ok=404),
    "end_other_sessions": person(),
    "get_two_factor": person(),
    "enrol_two_factor": person(),
    "confirm_two_factor": person(ok=409),
    "disable_two_factor": person(ok=409),
    "renew_recovery_codes": person(ok=409),
    "get_profile": person(),
    "update_profile": person(),
    "request_email_change": person(),
    # the operator's
    "sign_user_out": operator(),
    "remove_two_factor": operator(ok=409),
    "list_users": operator(),
    "get_user": operator(),
    "update_user": operator(),
    "create_company": operator(),
    "create_plan": operator(),
    "update_plan": operator(),
    "list_all_events": operator(),
    "export_all_events_csv": operator(),
    "export_all_events_jsonl": operator(),
    "list_operated_companies": operator(),
    "create_operated_company": operator(),
    "erase_company": operator(ok=404, params={"confirm": "{company_name}"}),
    "list_erasures": operator(),
    "get_erasure": operator(),
    "get_jobs_overview": operator(),
    "get_backup_overview": operator(),
    "list_backups": operator(),
    "create_backup": operator(ok=409),
    "verify_backup": operator(ok=409),
    "list_all_jobs": operator(),
    "get_job": operator(),
    "retry_job": operator(),
    "discard_job": operator(),
    "retry_jobs": operator(json={"ids": ["{job_id}"]}),
    "discard_jobs": operator(json={"ids": ["{job_id}"]}),
    # companies
    "list_companies": person(),
    "list_plans": person(),
    "restore_company": person(ok=404),
    "get_company": company(READ),
    "update_company": company(MANAGE_COMPANY),
    "delete_company": company(DELETE_COMPANY, is_fresh=True, params={"confirm": "{company_name}"}),
    "get_subscription": company(READ),
    "update_subscription": company(OPERATOR),
    "list_exports": company(EXPORT),
    "request_export": company(EXPORT),
    "get_export": company(EXPORT),
    "delete_export": company(EXPORT),
    "download_export": company(EXPORT, ok=410),
    "get_identity_provider": company(MANAGE_COMPANY),
    "get_sign_in_policy": company(MANAGE_COMPANY),
    "set_sign_in_policy": company(MANAGE_COMPANY, is_fresh=True, json={"require_two_factor": True}),
    "put_identity_provider": company(MANAGE_COMPANY, ok=422, is_fresh=True),
    "remove_identity_provider": company(MANAGE_COMPANY, is_fresh=True),
    "start_company_sign_in": PUBLIC,
    "finish_company_sign_in": PUBLIC,
    "get_domain": company(READ),
    "set_domain": company(MANAGE_COMPANY),
    "remove_domain": company(MANAGE_COMPANY),
    "verify_domain": company(MANAGE_COMPANY),
    "get_look": company(READ),
    "update_look": company(MANAGE_COMPANY),
    "replace_logo": company(MANAGE_COMPANY, ok=415, content=b"x"),
    "remove_logo": company(MANAGE_COMPANY),
    "list_company_jobs": company(MANAGE_COMPANY),
    "get_company_job": company(MANAGE_COMPANY),
    "retry_company_job": company(MANAGE_COMPANY),
    "discard_company_job": company(MANAGE_COMPANY),
    # people of a company
    "list_members": company(READ),
    "get_member": company(READ),
    "change_member_role": company(MANAGE_MEMBERS),
    "remove_member": company(MANAGE_MEMBERS),
    "sign_member_out": company(MANAGE_MEMBERS),
    "list_invitations": company(MANAGE_MEMBERS),
    "create_invitation": company(MANAGE_MEMBERS),
    "resend_invitation": company(MANAGE_MEMBERS),
    "revoke_invitation": company(MANAGE_MEMBERS),
    "preview_invitation": PUBLIC,
    "accept_invitation": PUBLIC,
    # keys and log
    "list_api_keys": company(MANAGE_KEYS),
    "create_api_key": company(MANAGE_KEYS, is_fresh=True),
    "get_api_key": company(MANAGE_KEYS),
    "rotate_api_key": company(MANAGE_KEYS, is_fresh=True),
    "revoke_api_key": company(MANAGE_KEYS),
    "get_own_api_key": OWN_KEY,
    "list_company_events": company(READ_AUDIT),
    "export_company_events_csv": company(READ_AUDIT),
    "export_company_events_jsonl": company(READ_AUDIT),
    # work
    "list_projects": company(READ),
    "create_project": company(WRITE_PROJECTS),
    "get_project": company(READ),
    "update_project": company(WRITE_PROJECTS),
    "delete_project": company(WRITE_PROJECTS, ok=409),
    "create_upload": company(
        WRITE_CONTENTS, ok=415, params={"purpose": "image", "filename": "x"}, content=b"x"
    ),
    "describe_resumable_uploads": company(READ),
    "begin_resumable_upload": company(WRITE_CONTENTS, headers=NEW_UPLOAD),
    "ask_resumable_upload": company(READ, headers=TUS),
    "continue_resumable_upload": company(WRITE_CONTENTS, ok=410, headers=PIECE, content=b"x"),
    "cancel_resumable_upload": company(WRITE_CONTENTS, headers=TUS),
    "get_resumable_upload": company(READ),
    "complete_resumable_upload": company(WRITE_CONTENTS, ok=409),
    "begin_direct_upload": company(WRITE_CONTENTS, ok=409),
    "get_direct_upload": company(READ),
    "get_direct_way": company(WRITE_CONTENTS),
    "complete_direct_upload": company(WRITE_CONTENTS, ok=409),
    "cancel_direct_upload": company(WRITE_CONTENTS),
    "list_contents": company(READ),
    "create_content": company(
        WRITE_CONTENTS, json={"title": "T", "image_upload_id": "{upload_id}"}
    ),
    "get_content": company(READ),
    "update_content": company(WRITE_CONTENTS, json={"title": "Renamed"}),
    "delete_content": company(WRITE_CONTENTS),
    "add_video": company(WRITE_CONTENTS, json={"upload_id": "{video_upload_id}"}),
    "delete_video": company(WRITE_CONTENTS, ok=409),
    "publish_content": company(PUBLISH),
    "unpublish_content": company(PUBLISH),
    "retry_target": company(WRITE_CONTENTS, ok=409),
    "download_qr": company(READ),
    "archive_project": company(WRITE_PROJECTS),
    "restore_project": company(WRITE_PROJECTS),
    "list_company_contents": company(READ, params={"project_id": "{project_id}"}),
    "change_contents": company(
        WRITE_CONTENTS,
        json={"action": "move", "ids": ["{content_id}"], "project_id": "{project_id}"},
    ),
    "archive_content": company(WRITE_CONTENTS, PUBLISH),
    "restore_content": company(WRITE_CONTENTS),
    "duplicate_content": company(WRITE_CONTENTS, json={"project_id": "{project_id}"}),
    "replace_image": company(WRITE_CONTENTS, json={"upload_id": "{upload_id}"}),
    "list_uploads": company(READ),
    "get_upload": company(READ),
    "download_import_template": company(READ),
    "check_import": company(WRITE_CONTENTS, content=b"title,image\na,b\n", headers=CSV),
    "start_import": company(
        WRITE_CONTENTS, params={"filename": "a.csv"}, content=b"title,image\na,b\n", headers=CSV
    ),
    "list_imports": company(READ),
    "get_import": company(READ),
    "download_import_report": company(READ),
    "export_contents": company(READ, params={"project_id": "{project_id}"}),
    "list_storage_connections": company(READ),
    "get_storage_connection": company(READ),
    "test_storage_connection": company(MANAGE_STORAGE),
    "create_storage_connection": company(MANAGE_STORAGE, json=S3_CONNECTION),
    "update_storage_connection": company(MANAGE_STORAGE, json={"name": "New"}),
    "archive_storage_connection": company(MANAGE_STORAGE),
    "restore_storage_connection": company(MANAGE_STORAGE),
    "activate_storage_connection": company(MANAGE_STORAGE, ok=409),
    "delete_storage_connection": company(MANAGE_STORAGE),
    "list_storage_moves": company(MANAGE_STORAGE),
    "start_storage_move": company(
        MANAGE_STORAGE, ok=409, json={"to_connection_id": "{connection_id}"}
    ),
    "get_storage_move": company(MANAGE_STORAGE),
    "pause_storage_move": company(MANAGE_STORAGE),
    "resume_storage_move": company(MANAGE_STORAGE),
    "cancel_storage_move": company(MANAGE_STORAGE),
    "clean_up_storage_move": company(MANAGE_STORAGE, ok=409),
    "list_storage_checks": company(MANAGE_STORAGE),
    "start_storage_check": company(MANAGE_STORAGE, ok=409),
    "get_storage_check": company(MANAGE_STORAGE),
    "begin_yandex_consent": company(MANAGE_STORAGE, ok=409),
    "finish_yandex_consent": PUBLIC,
    "list_targets": company(READ),
    "list_videos": company(READ),
    "get_schedule": company(READ),
    "set_schedule": company(WRITE_CONTENTS),
    "preview_content": company(READ),
    "preview_rules": company(READ),
    "preview_days": company(READ),
    "preview_days_of_rules": company(READ),
    "reorder_videos": company(WRITE_CONTENTS, json={"video_ids": ["{video_id}"]}),
    "update_video": company(WRITE_CONTENTS, json={"name": "Renamed"}),
    "retry_video": company(WRITE_CONTENTS, ok=409),
    "set_chroma_key": company(WRITE_CONTENTS, json={"color": "#00B140"}),
    "remove_chroma_key": company(WRITE_CONTENTS, ok=409),
    "preview_chroma_key": company(WRITE_CONTENTS),
    # being told
    "list_notifications": person(),
    "count_unread_notifications": person(),
    "read_all_notifications": person(),
    "read_notification": person(ok=404),
    "get_notification_preferences": person(),
    "update_notification_preferences": person(),
    "unsubscribe": PUBLIC,
    "unsubscribe_by_one_click": PUBLIC,
    "open_unsubscribe_page": PUBLIC,
    "list_notification_channels": company(MANAGE_COMPANY),
    "create_notification_channel": company(MANAGE_COMPANY),
    "get_notification_channel": company(MANAGE_COMPANY),
    "update_notification_channel": company(MANAGE_COMPANY),
    "delete_notification_channel": company(MANAGE_COMPANY),
    "link_notification_channel": company(MANAGE_COMPANY),
    "test_notification_channel": company(MANAGE_COMPANY, ok=422),
    "list_notification_deliveries": company(MANAGE_COMPANY),
    "resend_notification": company(MANAGE_COMPANY, ok=409),
    "list_webhooks": company(MANAGE_COMPANY),
    "create_webhook": company(MANAGE_COMPANY),
    "get_webhook": company(MANAGE_COMPANY),
    "update_webhook": company(MANAGE_COMPANY),
    "delete_webhook": company(MANAGE_COMPANY),
    "rotate_webhook_secret": company(MANAGE_COMPANY),
    "ping_webhook": company(MANAGE_COMPANY),
    "replay_webhook": company(MANAGE_COMPANY, ok=409),
    "list_webhook_deliveries": company(MANAGE_COMPANY),
    "replay_webhook_delivery": company(MANAGE_COMPANY, ok=409),
    # open to everybody
    "get_manifest": PUBLIC,
    "getHealthStatus": PUBLIC,
    "getReadiness": PUBLIC,
    "getHealthDetail": PUBLIC,
}
