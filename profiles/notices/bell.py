"""The bell in the header: the number of unread notices, which costs a page no statement of its own."""

from typing import Any

from django.core.signing import BadSignature
from django.db.models import OuterRef
from django.template import Context
from django.utils import translation
from django.utils.translation import gettext, ngettext

from profiles.notices.models import Notice
from shared.subqueries import Count
from tenants import signing

# The bell shows at most "99+".
MOST = 99
SALT = "notices.bell"
# A page that is open for longer stops asking.
SECONDS = 86_400
SHAPE = {"member": int, "language": str}


def unread() -> Count:
    """The number, loaded with the signed-in member (viewer_facts)."""
    return Count(Notice.objects.of(OuterRef("pk")).unread().order_by().values("pk")[: MOST + 1])


def context(page: Context) -> dict[str, Any]:
    member = page["request"].user
    number = getattr(member, "unread_notices", None)
    if number is None:  # The member has signed in with this request.
        number = count(member.pk)
    return facts(number) | {"token": signing.dumps(asked(member), salt=SALT)}


def asked(member: Any) -> dict[str, Any]:
    """The token with which a page asks for the number, without a cookie: no session is needed or prolonged."""
    return {"member": member.pk, "language": translation.get_language() or ""}


def answer(token: str) -> dict[str, str] | None:
    """The current number for the bell of an open page; None if the page is too old. One statement."""
    try:
        value = signing.loads(token, salt=SALT, max_age=SECONDS, shape=SHAPE)
    except BadSignature:
        return None
    with translation.override(value["language"] or None):
        return facts(count(value["member"]))


def count(member: int) -> int:
    own = Notice.objects.of(member).filter(to__is_active=True)
    return own.unread().order_by()[: MOST + 1].count()


def facts(number: int) -> dict[str, str]:
    """The number as the bell shows it ("" for none), and in words."""
    return {"unread": f"{MOST}+" if number > MOST else str(number or ""), "words": in_words(number)}


def in_words(number: int) -> str:
    if not number:
        return gettext("Notifications")
    if number > MOST:
        return gettext("%(number)d+ unread notifications") % {"number": MOST}
    return ngettext("%(number)d unread notification", "%(number)d unread notifications", number) % {"number": number}
