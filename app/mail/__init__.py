"""Mail: written in the caller's transaction, handed to the SMTP server by a job.

    await mail.send(session, "invitation", to=..., language="ru", company_id=..., context={...})

To add a mail, put `NAME.en.txt`, `NAME.en.html` and their `ru` twins into `templates/`; the text sets
`subject`. With `company_name` and `accent_color` a mail has the company's look; without them that of ARV.
"""

from app.mail.service import send

__all__ = ["send"]
