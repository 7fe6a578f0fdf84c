"""The profiles app: what every organisation has, whatever is taken out."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Capability, Link


class ProfilesConfig(Capability):
    name = "profiles"
    tenant_urls = "profiles.urls"
    navigation = (
        Link(url_name="home", label=_("Home"), order=10, exact=True),
        Link(url_name="people", label=_("People"), order=20, also=("members",)),
        Link(url_name="settings", label=_("Settings"), may="edit_settings", order=90),
    )
    account_pages = (
        Link(url_name="my_profile", label=_("My profile"), order=10),
        Link(url_name="account_email", label=_("Email address"), tab=_("Email"), order=20),
        Link(url_name="account_change_password", label=_("Password"), tab=_("Password"), order=30),
    )
    rights = {
        "manage_members": "profiles.roles.manages_members",
        "edit_settings": "profiles.roles.edits_settings",
    }

    audit_kinds = {
        "organisation.created": _("Organisation created"),
        "organisation.changed": _("Settings changed"),
        "member.joined": _("Member joined"),
        "member.role_changed": _("Role changed"),
        "member.deactivated": _("Member deactivated"),
        "member.reactivated": _("Member reactivated"),
        "member.removed": _("Member removed"),
        "member.left": _("Member left"),
        "invitation.sent": _("Invitation sent"),
        "invitation.resent": _("Invitation sent again"),
        "invitation.revoked": _("Invitation revoked"),
        "mail.refused": _("Email refused by its receiver"),
        "mail.allowed": _("Email allowed by its receiver"),
        "profile.changed": _("Profile changed"),
        "email.requested": _("New email address entered"),
        "email.changed": _("Email address confirmed"),
        "password.changed": _("Password changed"),
        "session.started": _("Signed in"),
        "session.ended": _("Signed out"),
    }

    def ready(self) -> None:
        super().ready()
        from profiles.invitations import endings as _invitations  # noqa: F401  has nightly work
        from profiles.mail import unsent  # noqa: F401  has nightly work
        from profiles.people import addresses  # noqa: F401  registers how usernames stand in addresses
        from profiles.pictures import sweep  # noqa: F401  has nightly work
        from profiles.sign_in import (  # noqa: F401  register
            account,  # imports allauth's forms: they have to come before our token generator, which subclasses theirs
            endings,
            limits,
            password_reset,
            pending,
            receivers,
            verification,
        )

        limits.connect()
        pending.connect()
