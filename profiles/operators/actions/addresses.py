"""Rename, and release a former address."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.context import within
from tenants.events import emit
from tenants.models import Domain, Tenant
from tenants.organisations.fields import OneLineField, SlugField
from tenants.organisations.operating import OperatorAction, ReasonForm
from tenants.organisations.rename import rename
from tenants.organisations.sign_up import check_slug
from tenants.serving import hosts


class RenameForm(ReasonForm):
    name = OneLineField(label=gettext_lazy("Name of the organisation"), max_length=100)
    slug = SlugField(help_text=gettext_lazy("After a change, everyone must sign in again at the new address."))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, tenant=tenant, initial={"name": tenant.name, "slug": tenant.slug}, **kwargs)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug != self.tenant.slug:
            check_slug(slug, by_other_than=self.tenant)
        return str(slug)


class Rename(OperatorAction):
    name = "rename"
    label = gettext_lazy("Rename")
    consequence = gettext_lazy("The old address redirects to the new one.")
    order = 50
    form = RenameForm

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        before = {"name": tenant.name, "slug": tenant.slug}
        if all(values[name] == was for name, was in before.items()):
            raise ValidationError(_("Nothing was changed. Enter another name or address."))
        if values["slug"] != tenant.slug:
            rename(tenant, slug=values["slug"])
        tenant.name = values["name"]
        tenant.save(update_fields=["name"])
        with within(tenant):
            changes: dict[str, Any] = {name: (was, values[name]) for name, was in before.items()}
            emit("organisation.changed", tenant, **changes)
        return _("%(organisation)s is renamed.") % {"organisation": tenant.name}


def former(tenant: Tenant) -> list[str]:
    """Its former host names below ours. Another secondary host may be a domain of its own."""
    secondary = [each.domain for each in tenant.domains.all() if not each.is_primary]
    return [name for name in secondary if name.endswith(f".{settings.BASE_DOMAIN}")]


class ReleaseForm(ReasonForm):
    domain = forms.ChoiceField(label=gettext_lazy("Former address"))

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, tenant=tenant, **kwargs)
        self.fields["domain"].choices = [(name, name) for name in former(tenant)]  # type: ignore[attr-defined]


class Release(OperatorAction):
    name = "release"
    label = gettext_lazy("Release a former address")
    consequence = gettext_lazy("Another organisation can take it then. Links in old mails would lead there.")
    order = 55
    form = ReleaseForm

    def is_offered(self, tenant: Tenant) -> bool:
        return super().is_offered(tenant) and bool(former(tenant))

    def do(self, tenant: Tenant, values: dict[str, Any]) -> str:
        domain = values["domain"]
        if not Domain.objects.filter(tenant=tenant, is_primary=False, domain=domain).delete()[0]:
            raise ValidationError(_("This address is released already."))
        hosts.forget()
        with within(tenant):
            emit("organisation.address_released", tenant, address=(domain, ""))
        return _("%(address)s is released.") % {"address": domain}


RENAME, RELEASE = Rename(), Release()
