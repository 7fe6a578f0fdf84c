"""What the addresses and forms of joining are about, and which pages are looked at."""

from collections.abc import Callable

from profiles.joining import links
from profiles.joining.models import Applicant, Joining
from profiles.models import User

COUNTED = ("joining_joining", "joining_applicant")
FORMS = {
    "joining": {"takes_requests": ""},
    "make_join_link": {"role": "reader", "days": "7", "most_uses": "10", "domains": "acme.example"},
    "approve_join_request": {"role": "reader"},
    "decline_join_request": {"tell": "1"},
    "ask_to_join": {"name": "Nora New", "email": "nora@acme.example", "message": "We met on Monday."},
    "join_by_link": {"name": "Nora New", "email": "nora@acme.example"},
}
SHOWING = ["/members/requests/"]
BROWSED = {
    "owner": ["/settings/joining/", "/settings/joining/link/", "/members/requests/"],
    "visitor": ["/join/dead/", "/join/sent/"],
}


def secrets(people: dict[str, User]) -> dict[str, list[str]]:
    """Secrets in an address, which must be in no log."""
    return {"join_by_link": [links.make_link(actor=people["owner"], role="reader", days=7).nonce]}


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    joining = links.make_link(actor=people["owner"], role="reader", days=7)
    Joining.objects.update(takes_requests=True)
    applicant = Applicant.objects.create(email="ned@new.example", name="Ned New", message="Hello!")
    return {
        "join_by_link": lambda _user: [joining.nonce],
        "approve_join_request": lambda _user: [applicant.pk],
        "decline_join_request": lambda _user: [applicant.pk],
    }
