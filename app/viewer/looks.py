"""The company's look in the manifest."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.companies.models import Company
from app.look import queries as looks
from app.look.models import Look
from app.storage.port import Storage
from app.users.schemas import Language
from app.viewer import schemas


async def viewer_look(
    session: AsyncSession, company: Company, storage: Storage, language: Language | None
) -> schemas.ManifestCompany:
    """Logo, colours and words for a visitor who reads `language`, else in the company's own."""
    look = await looks.look_of(session, company.id)
    return schemas.ManifestCompany(
        name=company.name,
        accent_color=company.accent_color,
        background_color=look.background_color,
        ink_color=look.ink_color,
        logo_url=storage.url_for(look.logo_key) if look.logo_key else None,
        logo_width=look.logo_width,
        logo_height=look.logo_height,
        texts=_texts(look, language or company.language),
    )


def _texts(look: Look, language: str) -> schemas.ManifestTexts:
    return schemas.ManifestTexts.model_validate(look.texts.get(language) or {})
