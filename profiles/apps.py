"""The profiles app: the core of every organisation, which cannot be taken out."""

from django.utils.translation import gettext_lazy as _

from shared.capabilities.base import Allowance, AuditField, Capability, Link, NoticeKind, Slot, Step

STEPS = "profiles.organisation.first_steps"


class ProfilesConfig(Capability):
    name = "profiles"
    tenant_urls = "profiles.urls"
    not_for_support = (
        *("account_change_password", "account_set_password", "account_email", "account_reauthenticate"),
        *("leave", "remove", "export_people", "export_deactivated"),
    )
    navigation = (
        Link(url_name="home", label=_("Home"), order=10, exact=True),
        Link(url_name="people", label=_("People"), order=20, also=("members",)),
        Link(url_name="settings", label=_("Settings"), may="edit_settings", order=90),
    )
    account_pages = (
        Link(url_name="edit_my_profile", group="profile", label=_("Profile"), icon="person", order=10),
        Link(
            url_name="security",
            group="security",
            label=_("Sign-in and security"),
            tab=_("Overview"),
            icon="lock",
            menu=True,
            order=15,
        ),
        Link(
            url_name="account_email",
            group="profile",
            label=_("Email address"),
            tab=_("Email"),
            icon="mail",
            order=20,
        ),
        Link(
            url_name="account_change_password",
            group="security",
            label=_("Password"),
            icon="key",
            order=30,
        ),
        Link(
            url_name="preferences",
            group="profile",
            label=_("Language and theme"),
            icon="palette",
            menu=True,
            order=60,
        ),
    )
    settings_pages = (
        Link(
            url_name="settings",
            group="organisation",
            label=_("General"),
            icon="organisation",
            may="edit_settings",
            order=10,
            exact=True,
        ),
        Link(
            url_name="appearance",
            group="organisation",
            label=_("Appearance"),
            icon="palette",
            may="edit_settings",
            order=20,
        ),
        Link(
            url_name="members_settings",
            group="people",
            label=_("Members"),
            icon="people",
            may="edit_settings",
            order=40,
        ),
        Link(
            url_name="sign_in_settings",
            group="sign-in",
            label=_("Sign-in page"),
            icon="lock",
            may="edit_settings",
            order=30,
        ),
        Link(url_name="privacy", group="people", label=_("Privacy"), icon="shield", may="edit_settings", order=35),
    )
    first_steps = (
        Step(label=_("Confirm your email address"), url_name="account_email", done=f"{STEPS}.confirmed", order=10),
        Step(label=_("Add your photo"), url_name="edit_my_profile", done=f"{STEPS}.has_photo", order=20),
        Step(label=_("Add your logo and colour"), url_name="appearance", done=f"{STEPS}.has_look", order=30),
        Step(label=_("Invite people"), url_name="invite", done=f"{STEPS}.has_invited", order=50),
    )
    js = ("profiles/js/sign_in.js",)
    slots = {"head": (Slot(template="profiles/viewer.html", order=10),)}
    rights = {
        "manage_members": "profiles.roles.manages_members",
        "edit_settings": "profiles.roles.edits_settings",
        "set_up": "profiles.roles.sets_up",
    }
    allowances = {"seats": Allowance(label=_("Seats"), used="profiles.seats.used", order=10)}
    exports = {
        "profiles.User": "mine",
        "profiles.User.password": "secret",
        "profiles.Profile.user": "mine",
        "profiles.ProfileUserObjectPermission.user": "not mine",
        "profiles.ProfileUserObjectPermission.content_object": "not mine",
        "profiles.Invitation.email": "mine",
        "profiles.Invitation.invited_by": "mentions me",
        "profiles.Invitation.nonce": "secret",
        "profiles.Refusal.email": "mine",
        "account.EmailAddress.user": "mine",
        # With these, a reader of the export could act as another member: sessions, one-time links, mail with links.
        "profiles.HandOff": "secret",
        "profiles.OutgoingMail": "secret",
        "account.EmailConfirmation": "secret",
        "profiles.Session": "secret",
        "profiles.Session.user": "mine",
        "profiles.Session.session_key": "secret",
        "profiles.Session.session_data": "secret",
    }
    row_names = {
        "profiles.User": _("Members"),
        "profiles.Profile": _("Profiles"),
        "profiles.ProfileUserObjectPermission": _("Rights to profiles"),
        "profiles.Invitation": _("Invitations"),
        "profiles.Refusal": _("Refused invitations"),
        "account.EmailAddress": _("Email addresses"),
        "auth.Group": _("Groups of rights"),
        "auth.Group_permissions": _("Rights of groups"),
    }
    row_words = {
        "profiles.User": ("name", "username"),
        "profiles.Profile": ("user",),
        "profiles.ProfileUserObjectPermission": ("user", "content_object"),
        "profiles.Invitation": ("email", "role"),
        "profiles.Refusal": ("email",),
        "account.EmailAddress": ("email", "user"),
        "auth.Group_permissions": ("group", "permission"),
    }

    # Of kinds that several apps have.
    audit_fields = {
        "reason": AuditField(label=_("Reason")),
        "address": AuditField(label=_("Address")),
        "name": AuditField(label=_("Name")),
        "slug": AuditField(label=_("Address")),
        "language": AuditField(label=_("Language"), say="profiles.language.name_of"),
        "accent": AuditField(label=_("Colour")),
        "logo": AuditField(label=_("Logo")),
        "logo_dark": AuditField(label=_("Logo on dark pages")),
        "sign_in_text": AuditField(label=_("Text on the sign-in page")),
        "location_seen_by": AuditField(label=_("Who sees the location")),
        "birth_date_seen_by": AuditField(label=_("Who sees the birth date")),
        "phone_seen_by": AuditField(label=_("Who sees the phone number")),
        "pronouns_seen_by": AuditField(label=_("Who sees the pronouns")),
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
        "session.refused": _("Sign-in failed"),
    }
    notice_kinds = {
        "member.welcome": NoticeKind(
            sentence=_("Welcome to %(organisation)s. Complete your profile, so that others recognise you"),
            url_name="my_profile",
            mail="never",  # There is a mail of its own (organisation/greeting.py).
            order=10,
        ),
        "member.joined": NoticeKind(
            label=_("My invitation is accepted"),
            sentence=_("%(by)s accepted your invitation"),
            may="manage_members",
            order=20,
        ),
        "member.role_changed": NoticeKind(
            label=_("My role is changed"),
            sentence=_("%(by)s changed your role to %(role)s"),
            url_name="my_profile",
            mail="soon",
            order=30,
        ),
    }

    def ready(self) -> None:
        super().ready()
        from profiles.invitations import endings as _invitations  # noqa: F401  has nightly work
        from profiles.mail import unsent  # noqa: F401  has nightly work
        from profiles.people import addresses  # noqa: F401  registers the URL converter for usernames
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
