"""Mail: written in the caller's transaction, handed to the SMTP server by a job.

    await mail.send(session, "invitation", to=..., language="ru", company_id=..., context={...})

To add a mail, put `NAME.en.txt`, `NAME.en.html` and their `ru` twins into `templates/`; the text sets
`subject`. With `company_name`, `accent_color` and the company's id a mail has the company's look: its
colours, and the logo the look left here (`set_letterhead`). Without them it has that of ARV.
"""

from app.mail.queries import set_letterhead
from app.mail.service import send

__all__ = ["send", "set_letterhead"]
