"""The link in mails of notices with which the recipient stops such mail, without signing in.

https://www.rfc-editor.org/rfc/rfc8058
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from profiles.models import User
from tenants import signing
from tenants.context import required

SALT = "notices.unsubscribe"
# People keep mails for a long time, and the links have to work.
LINK_SECONDS = 366 * 86_400
SHAPE = {"member": int, "kinds": str}


@dataclass(frozen=True)
class Subscription:
    """The subscription of a link: mail of these kinds to this member; ["daily"] is all daily mail."""

    member: User
    kinds: list[str]


def url(member: User, kinds: list[str]) -> str:
    token = signing.dumps({"member": member.pk, "kinds": " ".join(kinds)}, salt=SALT)
    return required().url(reverse("stop_notices", args=[token], urlconf=settings.ROOT_URLCONF))


def headers(stop_url: str) -> dict[str, str]:
    """The headers from which mail programs make an unsubscribe button."""
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def of_token(token: str) -> Subscription | None:
    """The subscription of this organisation's link; None for other links, and for a former member."""
    try:
        value = signing.loads(token, salt=SALT, max_age=LINK_SECONDS, shape=SHAPE)
    except BadSignature:
        return None
    member = User.objects.filter(pk=value["member"]).first()
    return Subscription(member, value["kinds"].split()) if member else None
