"""What is an e-mail address, and its one spelling.

Kept and compared in lower case and ASCII: `Anna@Пример.рф` is `anna@xn--e1afmkfd.xn--p1ai`, so one address is
one account and no two look alike. Addresses of a network of one's own (`printer@office.local`) are as good.
"""

from typing import Annotated

import email_validator
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

LONGEST = 254

# Reserved for the public internet; an installation may live inside an office.
for _name in ("local", "localhost"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)


def one_spelling(address: str) -> str:
    """The address as it is kept. Raises `ValueError` with words for a person."""
    try:
        found = validate_email(
            address.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise ValueError(f"This is not an e-mail address. {error}") from None
    return (found.ascii_email or found.normalized).lower()


def looked_for(address: str) -> str:
    """The spelling to look an account up by; what is no address is looked for as it stands."""
    try:
        return one_spelling(address)
    except ValueError:
        return address.strip().lower()


EmailAddress = Annotated[
    str,
    AfterValidator(one_spelling),
    Field(max_length=LONGEST, examples=["anna@example.com"], json_schema_extra={"format": "email"}),
]
