"""What the addresses and forms of lists of invitations are about, and which pages are looked at."""

from collections.abc import Callable

from django.utils import timezone

from profiles.bulk_invitations.models import Batch
from profiles.models import User

COUNTED = ("bulk_invitations_batch",)
FORMS = {
    "invite_many": {"addresses": "Nora <nora@new.example>, odd", "role": "reader", "message": ""},
    "invitation_list": {"lines": "2", "email-1": "ned@new.example", "role-1": "editor"},
}
FILES = {"invite_many": b"email,role\nnora@new.example,editor\n"}
BROWSED = {"owner": ["/members/invitations/many/"]}
LINES = [{"email": "nora@new.example", "role": "reader"}, {"email": "odd", "role": "chief", "name": "Ned"}]


def arguments(people: dict[str, User]) -> dict[str, Callable[[User], list[object]]]:
    draft = Batch.objects.create(by=people["owner"], lines=LINES)
    sent = Batch.objects.create(
        by=people["owner"], lines=[line | {"code": "sent"} for line in LINES], sent=timezone.now(), done=timezone.now()
    )
    return {
        "invitation_list": lambda _user: [draft.pk],
        "send_invitation_list": lambda _user: [draft.pk],
        "invitation_list_results": lambda _user: [sent.pk],
    }
