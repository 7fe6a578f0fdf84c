"""What the addresses and forms of notices are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.models import User
from profiles.notices import bell, unsubscribing
from profiles.notices.models import Notice
from shared.capabilities.registry import notice_kinds
from tenants import signing
from tenants.notices import notify

# Statements on these tables are counted by the tests of this app. The number of unread notices is part of another.
COUNTED = ('INTO "notices_notice"', 'DELETE FROM "notices_notice"', "FROM notices_notice", '"notices_preference"')
# Addresses with a signed token, and the module that reads it: the tests of this app try odd ones.
SIGNED = {"notice_bell": "profiles/notices/bell.py", "stop_notices": "profiles/notices/unsubscribing.py"}
FORMS = {
    "notice_preferences": {f"{kind}-mail": each.mail for kind, each in notice_kinds().items()},
    "read_all_notices": {"until": "1"},
}
SHOWING = ["/notices/"]
BROWSED = {"owner": ["/notices/", "/notices/?show=unread", "/account/notifications/"]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    """A notice of the reader's: no one else sees it. The pages that show what members have typed have one for each."""
    for member in people.values():
        notify(member, "member.joined", people["editor"].profile, by=people["editor"])
    notify(people["editor"], "member.role_changed", people["editor"], by=people["reader"], role="reader")
    notice = Notice.objects.filter(to=people["reader"]).latest("pk")
    value = {"member": people["reader"].pk, "language": "en"}
    return {
        **dict.fromkeys(("open_notice", "read_notice", "unread_notice"), lambda _user: [notice.pk]),
        "notice_bell": lambda _user: [signing.dumps(value, salt=bell.SALT)],
        "stop_notices": lambda _user: [unsubscribing.url(people["reader"], ["daily"]).split("/")[-2]],
    }
