"""Creates an organisation from a line of a table: provision()."""

import re

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shared.emails import EmailField
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.fields import OneLineField, SlugField
from tenants.organisations.sign_up import check_slug, sign_up
from tenants.schemas.spares import make_spare

NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")
COLUMNS = ["name", "slug", "owner"]


class OwnerField(forms.CharField):
    """An email address, with or without a name: `Olga Owner <olga@acme.example>`. Its value is (name, address)."""

    def clean(self, value: str) -> tuple[str, str]:
        typed = super().clean(value)
        named = NAMED.fullmatch(typed)
        name, address = (named["name"].strip(' "'), named["address"]) if named else ("", typed)
        return OneLineField(max_length=150, required=False).clean(name), EmailField().clean(address)


class OrganisationForm(forms.Form):
    """One line of the table. Its errors are shown to the author of the table."""

    name = OneLineField(max_length=100)
    slug = SlugField()
    owner = OwnerField(max_length=500)

    def found(self) -> Tenant | None:
        """The organisation that an earlier run created from this line. Raises ValidationError if the slug is taken."""
        with public():
            tenant = Tenant.objects.active().filter(slug=self.cleaned_data["slug"]).first()
        if tenant and tenant.name == self.cleaned_data["name"]:
            with within(tenant):
                if get_user_model().objects.filter(email__iexact=self.cleaned_data["owner"][1]).exists():
                    return tenant
        check_slug(self.cleaned_data["slug"])
        return None

    def save(self) -> Tenant:
        """Create the organisation from an extra spare, so that the stock stays available for sign-ups."""
        name, email = self.cleaned_data["owner"]
        make_spare()
        organisation, slug = self.cleaned_data["name"], self.cleaned_data["slug"]
        owner = name or email.partition("@")[0]  # until the owner enters a name
        return sign_up(organisation=organisation, slug=slug, name=owner, email=email, password=None).tenant


def provision(line: list[str]) -> tuple[Tenant, bool]:
    """The organisation of one line, and whether it is new. A line that was done before changes nothing.

    Raises ValidationError with all errors of the line; then it creates nothing.
    """
    if len(line) != len(COLUMNS):
        sentence = _("The line has %(number)d fields instead of %(right)d: %(columns)s.")
        params = {"number": len(line), "right": len(COLUMNS), "columns": ", ".join(COLUMNS)}
        raise ValidationError(sentence, params=params)
    form = OrganisationForm(dict(zip(COLUMNS, line, strict=True)))
    if not form.is_valid():
        raise ValidationError([f"{field}: {error}" for field, errors in form.errors.items() for error in errors])
    tenant = form.found()
    return (tenant, False) if tenant else (form.save(), True)
