"""The form for an organisation's name, address and language."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from profiles.language import lazy_language_choices
from tenants.context import public
from tenants.events import emit
from tenants.models import Tenant
from tenants.organisations.fields import OneLineField, SlugField
from tenants.organisations.rename import rename
from tenants.organisations.sign_up import check_slug


class SettingsForm(forms.Form):
    name = OneLineField(label=_("Name of the organisation"), max_length=100)
    slug = SlugField(
        help_text=_("After a change, everyone must sign in again at the new address. The old address redirects there.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lazy_language_choices(gettext_noop("As in each person’s browser")),
        help_text=_("Of pages and emails. Members can choose another one in their profile."),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        self.tenant = tenant
        kwargs["initial"] = {"name": tenant.name, "slug": tenant.slug, "language": tenant.language}
        super().__init__(*args, **kwargs)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug != self.tenant.slug:
            check_slug(slug, by_other_than=self.tenant)
        return slug

    def save(self) -> bool:
        """Save all or nothing. Returns False, with an error on the field, if the address has just been taken."""
        try:
            self._save()
        except ValidationError as error:
            # The rollback did not change the object in memory.
            with public():
                self.tenant.refresh_from_db()
            self.tenant.__dict__.pop("domain", None)
            self.add_error("slug", error)
            return False
        return True

    @transaction.atomic
    def _save(self) -> None:
        values, before = self.cleaned_data, self.initial
        if values["slug"] != self.tenant.slug:
            rename(self.tenant, slug=values["slug"])
        self.tenant.name, self.tenant.language = values["name"], values["language"]
        with public():
            self.tenant.save(update_fields=["name", "language"])
        if self.changed_data:
            changes: dict[str, Any] = {name: (before[name], values[name]) for name in self.changed_data}
            emit("organisation.changed", self.tenant, **changes)
