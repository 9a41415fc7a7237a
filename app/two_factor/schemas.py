"""A second factor from outside."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class TwoFactorStatus(BaseModel):
    """Whether a second factor is asked for, and how many recovery codes are left."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [{"enabled_at": "2026-11-23T09:00:00Z", "recovery_codes_left": 9}]
        },
    )

    enabled_at: datetime | None
    recovery_codes_left: int


class Enrolment(BaseModel):
    """What the authenticator app is told, this once: to scan, to open, to type."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                    "otpauth_uri": "otpauth://totp/ARV:anna%40example.com?secret=...&issuer=ARV",
                    "qr_svg": "<svg>...</svg>",
                }
            ]
        },
    )

    secret: str
    otpauth_uri: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    """Ten ways in without the app, each good once; told this once."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"recovery_codes": ["k7mw-2qxd-9fhp-c4vt"]}]}
    )

    recovery_codes: list[str]


class TwoFactorCode(BaseModel):
    """Six digits from the app, or a recovery code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "492039"}]})

    code: str = Field(min_length=6, max_length=40)


class Disable(TwoFactorCode):
    """The password too: whoever holds the phone alone can not switch it off."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"password": "correct horse battery", "code": "492039"}]},
    )

    password: str = Field(min_length=1, max_length=256)
