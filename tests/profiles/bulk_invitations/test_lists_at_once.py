"""A list of invitations whose sender is removed in the moment in which the job sends it."""

from functools import partial

from profiles.bulk_invitations.changes import draft, send
from profiles.bulk_invitations.lines import Line
from profiles.bulk_invitations.sending import send_some
from profiles.members.changes import remove
from profiles.models import Invitation, User
from tenants.context import within
from tests.profiles.races import meet


def test_list_whose_sender_is_removed_while_it_is_sent_invites_no_one(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner, admin = User.objects.get(), User.objects.create_user("adam", role="admin")
        batch = draft(actor=admin, people=[Line("nora@new.example", "reader")])
        send(actor=admin, pk=batch.pk)
        assert meet(initech, admin, partial(send_some, pk=batch.pk), partial(remove, actor=owner, member=admin)) is None
        batch.refresh_from_db()
        assert batch.done
        assert not Invitation.objects.exists()
