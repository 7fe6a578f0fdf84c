"""What concerns an organisation's people: its owners, their first passwords, a new owner, signing everyone out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.mail.outbox import post
from profiles.members.changes import locked_by
from profiles.models import HandOff, Session, User
from profiles.models.user import normalised
from profiles.roles import Role
from profiles.sign_in.password_reset import send_reset_link
from shared.lists import all_of
from tenants.context import within
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.operating import OperatorAction, ReasonForm


class Owners(OperatorAction):
    name = "owners"
    label = gettext_lazy("Look up the owners")
    consequence = gettext_lazy("You see their names and addresses once. The organisation’s activity log says so.")
    order = 10
    shows_people = True

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            owners = list(User.objects.owners().by_name())
            emit("organisation.owners_seen", tenant)
        return _("The owners are: %(owners)s.") % {"owners": all_of([f"{each.name} <{each.email}>" for each in owners])}


class SendPasswordLinks(OperatorAction):
    name = "password_links"
    label = gettext_lazy("Send owners a link for their first password")
    consequence = gettext_lazy("To owners who have never signed in, of an organisation that was made for them.")
    order = 20

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            owners = list(User.objects.owners().filter(last_login=None).exclude(email="").values_list("pk", flat=True))
            if not owners:
                raise ValidationError(_("Every owner has signed in before. They use “Forgot your password?”."))
            for pk in owners:
                send_reset_link.defer(pk=pk)
            emit("organisation.password_links", tenant)
        return ngettext("%(number)s mail is sent.", "%(number)s mails are sent.", len(owners)) % {"number": len(owners)}


class OwnerForm(ReasonForm):
    member = forms.CharField(
        label=gettext_lazy("Username or email address of the member"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    proof = forms.CharField(
        label=gettext_lazy("How this person has proved who they are"),
        min_length=10,
        max_length=300,
        help_text=gettext_lazy("All owners of the organisation read this in their mail."),
    )


class MakeOwner(OperatorAction):
    """For an organisation whose only owner is gone. Present owners stay owners, and are told."""

    name = "make_owner"
    label = gettext_lazy("Make a member an owner")
    consequence = gettext_lazy("All owners get mail about it.")
    order = 30
    is_dangerous = True
    asks_password = True
    form = OwnerForm

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            member = make_owner(found(values["member"]))
            for owner in User.objects.owners().exclude(email=""):
                context = {
                    "owner": owner,
                    "member": member,
                    "proof": values["proof"],
                    "url": tenant.url(),
                }
                post(to=owner.email, reader=owner, template="owner_made", context=context)
        return _("The member is an owner now.")


def found(given: str) -> User:
    """The active member of this username or address. Raises ValidationError."""
    name = normalised(given.strip()).replace("\0", "")
    member = User.objects.active().filter(Q(username__iexact=name) | Q(email__iexact=name)).first()
    if member is None:
        raise ValidationError({"member": _("No active member of the organisation has this username or address.")})
    return member


def make_owner(member: User) -> User:
    member = locked_by(member.pk)[member.pk]
    if member.role == Role.OWNER:
        raise ValidationError({"member": _("This member is an owner already.")})
    emit("member.role_changed", member, role=(member.role, Role.OWNER))
    member.role = Role.OWNER
    member.save(update_fields=["role"])
    return member


class SignOut(OperatorAction):
    name = "sign_out"
    label = gettext_lazy("Sign everyone out")
    consequence = gettext_lazy("All members have to sign in again, on every device.")
    order = 60
    is_dangerous = True

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            for rows in (HandOff.objects, Session.objects):
                rows.all().delete()
            emit("organisation.signed_out", tenant)
        return _("Everyone in %(organisation)s is signed out.") % {"organisation": tenant.name}


OWNERS, SEND_PASSWORD_LINKS, MAKE_OWNER, SIGN_OUT = Owners(), SendPasswordLinks(), MakeOwner(), SignOut()
