"""What operators do with the sandbox of an organisation as a whole."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.backups.errors import CannotRestore
from profiles.backups.models import Backup, Sandbox
from profiles.backups.sandboxes import take_over
from profiles.console_sandboxes.tasks import discard_sandbox, make_sandbox
from tenants.context import public, within
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.fields import SlugField
from tenants.organisations.operating import OperatorAction, ReasonForm
from tenants.organisations.sign_up import check_slug
from tenants.tasks import defer_once

NOW = 0  # in place of a backup's primary key
SHOWN = 100


class TheSandbox(OperatorAction):
    name = "sandbox"
    label = gettext_lazy("Sandbox")
    consequence = gettext_lazy("A copy from a backup: compare, and take over rows, files, or all of it.")
    order = 45
    url_name = "console_sandbox"

    def is_offered(self, tenant: Tenant) -> bool:
        return tenant.state not in Tenant.GONE and not tenant.is_sandbox


class MakeForm(ReasonForm):
    backup = forms.TypedChoiceField(label=gettext_lazy("As it was"), coerce=int)
    slug = SlugField(label=gettext_lazy("Address of the sandbox"))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, tenant=tenant, initial={"slug": f"{tenant.slug}-sandbox"}, **kwargs)
        with public():
            known = Backup.objects.done().filter(vault__tenant=tenant).order_by("-moment", "-pk")[:SHOWN]
            moments = [(each.pk, date_format(localtime(each.moment), "SHORT_DATETIME_FORMAT")) for each in known]
        self.fields["backup"].choices = [(NOW, _("now, from a new backup")), *moments]  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        check_slug(slug)
        return slug


class Make(OperatorAction):
    name = "make_sandbox"
    label = gettext_lazy("Make a sandbox")
    consequence = gettext_lazy("The organisation stays as it is. Its owners can sign in to the sandbox.")
    form = MakeForm

    def is_offered(self, tenant: Tenant) -> bool:
        return SANDBOX.is_offered(tenant) and not has_one(tenant)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            emit("organisation.sandbox_asked", tenant)
        queue(make_sandbox, tenant, backup=values["backup"], slug=values["slug"])
        return _("The sandbox is being made. Load this page again in a minute.")


class TakeOver(OperatorAction):
    name = "take_sandbox_over"
    label = gettext_lazy("Replace the organisation by its sandbox")
    consequence = gettext_lazy(
        "The two change places: rows, files and members are those of the sandbox, and everyone has to sign in again."
        " Suspend the organisation first, so that no one writes meanwhile. Done once more, it is taken back."
    )
    is_dangerous = True
    asks_password = True

    def is_offered(self, tenant: Tenant) -> bool:
        return SANDBOX.is_offered(tenant) and has_one(tenant)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        try:
            take_over(Sandbox.objects.get(of=tenant))
        except CannotRestore as error:
            raise ValidationError(str(error)) from error
        return _("%(organisation)s is as its sandbox was, and the sandbox has what it had.") % {
            "organisation": tenant.name
        }


class Discard(OperatorAction):
    name = "discard_sandbox"
    label = gettext_lazy("Remove the sandbox")
    consequence = gettext_lazy("It is deleted for good. The organisation stays as it is.")
    is_dangerous = True

    def is_offered(self, tenant: Tenant) -> bool:
        return SANDBOX.is_offered(tenant) and has_one(tenant)

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        with within(tenant):
            emit("organisation.sandbox_discarded", tenant)
        queue(discard_sandbox, tenant, sandbox=Sandbox.objects.get(of=tenant).pk)
        return _("The sandbox is being removed. Load this page again in a minute.")


SANDBOX, MAKE, TAKE_OVER, DISCARD = TheSandbox(), Make(), TakeOver(), Discard()
ON_ITS_PAGE: dict[str, OperatorAction] = {each.name: each for each in (MAKE, TAKE_OVER, DISCARD)}


def has_one(tenant: Tenant) -> bool:
    with public():
        return Sandbox.objects.filter(of=tenant).exists()


def queue(task: Any, tenant: Tenant, **arguments: Any) -> None:
    """One at a time. Raises ValidationError."""
    if not defer_once(task.configure(queueing_lock=f"{task.name}:{tenant.pk}"), pk=tenant.pk, **arguments):
        raise ValidationError(_("This is being done already."))
