"""Export and import of an organisation, and what it knows about one member."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link, NoticeKind


class ExportsConfig(Capability):
    name = "profiles.exports"
    tenant_urls = "profiles.exports.urls"
    temporary_folders = ("exports",)
    not_for_support = ("organisation_export", "download_export", "my_data")
    account_pages = (
        Link(url_name="my_data", group="profile", label=_("My data"), tab=_("Data"), icon="download", order=60),
    )
    settings_pages = (
        Link(
            url_name="organisation_export",
            group="data",
            label=_("Export"),
            icon="download",
            may="export_organisation",
            order=85,
        ),
    )
    operator_actions = ("profiles.exports.operating.EXPORT",)
    audit_kinds = {
        "organisation.exported": _("Export of all data started"),
        "console.export": _("Export of all data started"),
    }
    notice_kinds = {
        "organisation.exported": NoticeKind(
            label=_("An export of all data is ready"),
            sentence=_("The export of all data can be downloaded, for a day"),
            url_name="organisation_export",
            mail="never",  # There is a mail of its own (tasks.py).
            may="export_organisation",
            order=60,
        ),
        "organisation.imported": NoticeKind(
            sentence=_("All data of the organisation has been imported. Look at its settings"),
            url_name="settings",
            mail="soon",
            order=61,
        ),
    }
    rights = {"export_organisation": "profiles.exports.rights.exports_organisation"}
