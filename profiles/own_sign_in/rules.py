"""Who sets it up, what the sign-in page offers, and who may sign in by other ways."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.own_sign_in.connecting import connects
from profiles.own_sign_in.models import Provider, State
from profiles.roles import Member, Role
from tenants.context import required

USABLE = "usable_provider"
BY_PROVIDER = "signs_in_by_provider"  # set on a request whose member the provider has named


def sets_up(user: Member) -> bool:
    return user.is_active and user.role == Role.OWNER


def first(page: Any) -> dict[str, Any] | None:
    """The button above all other ways to sign in, where it is required."""
    provider = usable(page["request"])
    return {"provider": provider, "is_required": True} if provider and provider.state == State.REQUIRED else None


def offer(page: Any) -> dict[str, Any] | None:
    """The button below the form, where members choose."""
    provider = usable(page["request"])
    return {"provider": provider} if provider and provider.state != State.REQUIRED else None


def usable(request: HttpRequest) -> Provider | None:
    """Read once for a page."""
    if not hasattr(request, USABLE):
        setattr(request, USABLE, Provider.usable())
    found: Provider | None = getattr(request, USABLE)
    return found


def instead(page: Any) -> dict[str, Any] | None:
    """On pages about passwords, codes and passkeys: with what members sign in here. Owners keep all of them."""
    viewer = page["request"].user
    provider = None if sets_up(viewer) else Provider.required()
    return {"provider": provider, "viewer": viewer} if provider else None


def refusal(request: HttpRequest, user: User) -> str:
    """Why this member cannot sign in by a password, a code or a passkey. Owners always can.

    Members that the provider has named and who are not connected yet sign in once in another way. The provider is
    read first, so that a known address costs what an unknown one does.
    """
    provider = None if getattr(request, BY_PROVIDER, False) else Provider.required()
    if provider is None or user.role == Role.OWNER or connects(request, user):
        return ""
    return _("%(organisation)s requires you to sign in with %(provider)s.") % {
        "organisation": required().name,
        "provider": provider.name,
    }
