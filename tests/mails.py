"""What a test reads in a mail."""

import re

from django.core.mail import EmailMultiAlternatives


def texts(mail: EmailMultiAlternatives) -> list[str]:
    """What a person may see of a mail: its subject, its text, its HTML."""
    return [str(mail.subject), str(mail.body), *(str(content) for content, _ in mail.alternatives)]


def links(mail: EmailMultiAlternatives) -> list[str]:
    """The addresses in a mail. Compare these: text that is searched for could be part of a token by chance."""
    return [link for text in texts(mail) for link in re.findall(r"https?://[^\s\"'<>]+", text)]
