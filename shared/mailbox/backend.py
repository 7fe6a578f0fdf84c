"""The development mailbox: mail is kept in MAILBOX_DIR instead of being sent."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# The time in nanoseconds since 1970, and a random part, so that names sort by time and never collide.
NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
SUFFIX = ".eml"


class EmailBackend(BaseEmailBackend):
    """Stores each message as a file, which is written completely or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes())
        return len(email_messages)


def keep(message: bytes) -> None:
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020}-{secrets.token_hex(4)}{SUFFIX}"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message)
    unfinished.replace(path)


def names() -> list[str]:
    """The names of all messages, newest first."""
    found = (path.stem for path in Path(settings.MAILBOX_DIR).glob(f"*{SUFFIX}"))
    return sorted(filter(NAME.fullmatch, found), reverse=True)


@dataclass(frozen=True)
class KeptMessage:
    """One message of the mailbox."""

    name: str
    message: ParsedMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "").strip() or "(no subject)"

    @property
    def sender(self) -> str:
        return str(self.message["From"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def sent(self) -> datetime:
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) // 10**9, tz=UTC)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


def read(name: str) -> KeptMessage:
    """The message of this name. Raises FileNotFoundError if there is none, or if the name is invalid."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    data = (Path(settings.MAILBOX_DIR) / f"{name}{SUFFIX}").read_bytes()
    return KeptMessage(name, message_from_bytes(data, policy=policy.default))


def announce(base: str) -> list[tuple[str, str]]:
    """The lines that `make run` prints about the mailbox."""
    return [("Mail", f"{base}dev/mail/")]
