"""Two-factor sign-in: in the overview of what protects an account, on a member's page, and in the file of members."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from profiles.models import User
from profiles.people.added import PeopleColumn, Where
from profiles.roles import manages_members
from profiles.two_factor.members import factors
from shared.prepared import Prepared, later

OF_MEMBER = Prepared(lambda: factors().filter(user=later("member", User._meta.pk)).only("pk")[:1])
KINDS = {Authenticator.Type.TOTP: _("Authenticator app"), Authenticator.Type.WEBAUTHN: _("Passkey")}


def context(page: Any) -> dict[str, Any]:
    return {"is_on": has_one(page["request"].user)}


def person(page: Any) -> dict[str, Any] | None:
    """For those who manage this member. On their own page members see nothing of it."""
    return {"is_on": has_one(page["member"]), "member": page["member"]} if page["manages"] else None


def has_one(member: User) -> bool:
    return OF_MEMBER.first(member=member.pk) is not None


def is_on(members: Sequence[User]) -> Mapping[int, str]:
    """The word "yes" for those who have it."""
    having = factors().filter(user__in=members).values_list("user_id", flat=True)
    return dict.fromkeys(having, "yes")


def kinds(members: Sequence[User]) -> Mapping[int, str]:
    """Which of the kinds each member has, in the reader's language."""
    having = factors().filter(user__in=members).order_by("type").values_list("user_id", "type").distinct()
    found: dict[int, list[str]] = {}
    for pk, kind in having:
        found.setdefault(pk, []).append(str(KINDS[kind]))
    return {pk: ", ".join(words) for pk, words in found.items()}


def columns(viewer: User, where: Where) -> list[PeopleColumn]:
    values = {"all": kinds, "file": is_on}.get(where)
    return (
        [PeopleColumn(name="two_factor", label=_("Second factor"), values=values)]
        if values and manages_members(viewer)
        else []
    )
