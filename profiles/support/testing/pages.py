"""What the addresses of support are about: a request that waits for an answer, and a visit that is allowed."""

from collections.abc import Callable

from django.utils import timezone

from profiles.models import User
from profiles.support.models import Visit
from tenants.context import public, required
from tenants.models import Tenant

SIGNED = {"enter_support": "profiles/support/changes.py"}
IN_SESSION = {"profiles/support/session.py": {"support_visit": "/people/"}}
FORMS = {
    "support_access": {"access": "ask"},
    "answer_support": {"answer": "allow"},
    "console_support": {"member": "reader", "minutes": "30", "reason": "The photo is missing"},
}
BROWSED = {"owner": ["/settings/support/"]}
# Statements on these tables are counted by the tests of this app.
COUNTED = ("support_visit",)


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    asked = {
        "member": people["reader"],
        "operator": "Vera Vendor",
        "operator_key": people["owner"].pk,
        "reason": "The photo is missing",
        "minutes": 30,
    }
    waiting = Visit.objects.create(**asked)
    allowed = Visit.objects.create(**asked, allowed=timezone.now())
    key = required().pk
    with public():
        Tenant.objects.filter(pk=key).update(support_access="on")
    return {
        "answer_support": lambda _user: [waiting.pk],
        "end_support_visit": lambda _user: [allowed.pk],
        "enter_support": lambda _user: ["dead"],
        "console_support": lambda _user: [key],
        "console_enter": lambda _user: [key, allowed.pk],
    }
