"""The company's look in the manifest."""

from app.companies.models import Company
from app.look.models import Look
from app.storage.port import Storage
from app.users.schemas import Language
from app.viewer import schemas


def viewer_look(
    company: Company, look: Look, storage: Storage, language: Language | None
) -> schemas.ManifestCompany:
    """Logo, colours and words for a visitor who reads `language`, else in the company's own."""
    return schemas.ManifestCompany(
        name=company.name,
        accent_color=company.accent_color,
        background_color=look.background_color,
        ink_color=look.ink_color,
        logo_url=storage.public_url_for(look.logo_key) if look.logo_key else None,
        logo_width=look.logo_width,
        logo_height=look.logo_height,
        texts=_texts(look, language or company.language),
    )


def _texts(look: Look, language: str) -> schemas.ManifestTexts:
    return schemas.ManifestTexts.model_validate(look.texts.get(language) or {})


def call_of(company: Company, look: Look, language: Language | None) -> schemas.ManifestCall | None:
    """The company's call to action in the language, if it has one there."""
    words = look.texts.get(language or company.language) or {}
    if not words.get("call_url"):
        return None
    return schemas.ManifestCall(label=words["call_label"], url=words["call_url"])
