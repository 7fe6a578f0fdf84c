"""Fields that an organisation adds to its members' profiles."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, Slot


class CustomFieldsConfig(Capability):
    name = "profiles.custom_fields"
    tenant_urls = "profiles.custom_fields.urls"
    rights = {"define_fields": "profiles.custom_fields.rights.defines_fields"}
    settings_pages = (
        Link(
            url_name="custom_fields",
            group="people",
            label=_("Profile fields"),
            icon="list",
            may="define_fields",
            order=40,
            exact=False,
        ),
    )
    slots = {
        "person": (Slot(template="profiles/custom_fields_card.html", context="profiles.custom_fields.card.context"),)
    }
    api = "profiles.custom_fields.api"
    profile_forms = ("profiles.custom_fields.value_forms.OwnValuesForm",)
    people_columns = "profiles.custom_fields.columns.columns"
    audit_kinds = {
        "field.made": _("Profile field added"),
        "field.changed": _("Profile field changed"),
        "field.moved": _("Profile field moved"),
        "field.retyped": _("Type of a profile field changed"),
        "field.deleted": _("Profile field deleted"),
        "field.restored": _("Profile field put back"),
    }
    demo = "profiles.custom_fields.demo.make"
    exports = {"custom_fields.Values.profile": "mine"}
    row_names = {"custom_fields.Field": _("Fields of profiles"), "custom_fields.Values": _("Values of profile fields")}
    row_words = {"custom_fields.Values": ("profile",)}

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        return {
            "CUSTOM_FIELDS_MOST": 50,
            # More columns would leave no room for names.
            "CUSTOM_FIELDS_COLUMNS_MOST": 3,
            # How long the values of a deleted field can be put back.
            "CUSTOM_FIELDS_KEPT_DAYS": env.int("CUSTOM_FIELDS_KEPT_DAYS", 30),
        }
