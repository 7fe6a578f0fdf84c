"""MailCode: the code by which a member can sign in for some minutes."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from profiles.models.user import User
from tenants.context import schema_name

MINUTES = 10
TRIES = 3
LENGTH = 6
# Without letters and figures that look alike. There are 1,073,741,824 codes.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def expiry() -> datetime:
    return timezone.now() + timedelta(minutes=MINUTES)


class MailCodeQuerySet(models.QuerySet["MailCode"]):
    def open(self, *, member: int, browser: str) -> Self:
        """The member's code, in the browser that has asked for it, while it can be tried."""
        return self.filter(member=member, browser=browser, tries__lt=TRIES, expires__gt=timezone.now())

    def make(self, *, member: User, browser: str) -> str:
        """A new code, in place of the member's last one."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        values = {"digest": digest_of(code, member.pk), "browser": browser, "expires": expiry(), "tries": 0}
        self.update_or_create(member=member, defaults=values)
        return code

    def use(self, code: str, *, member: int, browser: str) -> bool:
        """Is it the member's code? It counts as a try, and is worth nothing afterwards. Of two at once, one is.

        Two statements, whether there is a code or not.
        """
        is_try = self.open(member=member, browser=browser).update(tries=F("tries") + 1) == 1
        deleted, _rows = self.filter(member=member, browser=browser, digest=digest_of(code, member)).delete()
        return is_try and deleted == 1


class MailCode(models.Model):
    """One for each member at most."""

    member = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64)
    # Of the browser that asked for it: a random value in its session.
    browser = models.CharField(max_length=32)
    expires = models.DateTimeField(default=expiry)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = MailCodeQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tries__lte=TRIES), name="mail_code_tries")]

    def __str__(self) -> str:
        return f"code of {self.member_id}"


def digest_of(code: str, member: int) -> str:
    """Without the key of the installation, a copy of the table tells no code."""
    return salted_hmac("mail code", f"{schema_name()} {member} {code}", algorithm="sha256").hexdigest()
