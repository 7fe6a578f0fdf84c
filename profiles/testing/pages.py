"""Arguments of the core's URLs, and values for its forms."""

from collections.abc import Callable

from profiles.mail import refusals
from profiles.models import HandOff, Invitation, User
from profiles.testing.world import PASSWORD

UUID = "00000000-0000-4000-8000-000000000000"  # no picture has it

FORMS = {
    "settings": {"name": "Acme", "slug": "acme"},
    "appearance": {"accent": "#2456b8"},
    "sign_in_settings": {"sign_in_text": "Ask Olga."},
    "privacy": {"location": "managers", "pronouns": "everyone", "birth_date": "everyone", "phone": "self"},
    "preferences": {"language": "", "theme": "dark"},
    "edit_profile": {"first_name": "Rita", "last_name": "Reader", "time_zone": "UTC"},
    "invite": {"email": "another@acme.example", "role": "reader", "message": ""},
    "change_role": {"role": "reader"},
    "accept_invitation": {"name": "New Person", "username": "new", "password": PASSWORD},
    "account_login": {"login": "reader", "password": PASSWORD},
}

# Pages that show what members have typed, at least to an owner.
SHOWING = [
    *("/", "/people/", "/people/reader/", "/people/owner/", "/people/reader/initials.svg", "/settings/"),
    *(
        "/members/deactivated/",
        "/members/invitations/",
        "/members/invitations/new/",
        "/account/login/",
        "/account/email/",
    ),
]

# Visited in a browser, to check their width, and by axe-core.
BROWSED = {
    "visitor": [
        *("/account/login/", "/account/password/reset/", "/account/signup/", "/invitations/dead/", "/hand-off/dead/"),
        "/mail/dead/",
    ],
    "owner": [
        *(
            "/",
            "/people/",
            "/people/?columns=all",
            "/people/?q=nobody",
            "/people/editor/",
            "/people/owner/edit/",
            "/people/editor/edit/",
        ),
        *("/members/deactivated/", "/members/editor/role/", "/members/editor/deactivate/"),
        *("/members/editor/remove/", "/members/invitations/", "/members/invitations/new/", "/settings/"),
        *(
            "/settings/appearance/",
            "/settings/members/",
            "/settings/sign-in/",
            "/settings/privacy/",
            "/account/security/",
            "/account/preferences/",
        ),
        *("/leave/", "/account/email/", "/account/password/change/", "/account/logout/"),
    ],
}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    invitation = Invitation.objects.create(email="new@acme.example", invited_by=people["owner"])
    hand_off = HandOff.objects.create(user=people["reader"])
    refusal = refusals.token("new@acme.example")
    about_somebody = ("person", "edit_profile", "initials", "change_role", "deactivate", "reactivate", "remove")
    return {
        "logo": lambda _user: [UUID],
        "look": lambda _user: ["#2456b8"],
        "look_icon": lambda _user: ["#2456b8"],
        "photo": lambda _user: [UUID, 64],
        "hand_off": lambda _user: [hand_off.path.split("/")[-2]],
        "refuse_mail": lambda _user: [refusal],
        "allow_mail": lambda _user: [refusal],
        "accept_invitation": lambda _user: [invitation.token],
        "resend_invitation": lambda _user: [invitation.pk],
        "revoke_invitation": lambda _user: [invitation.pk],
        "account_confirm_email": lambda _user: ["nokey"],
        "account_reset_password_from_key": lambda _user: ["1", "nokey"],
        **dict.fromkeys(about_somebody, lambda user: [user.username]),
    }
