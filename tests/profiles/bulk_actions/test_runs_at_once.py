"""A bulk action that is undone in the moment in which its actor is removed."""

from functools import partial

from profiles.bulk_actions import changes
from profiles.members.changes import remove
from profiles.models import User
from tenants.context import within
from tests.profiles.races import meet


def test_actor_who_is_removed_while_undoing_undoes_nothing(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner, admin, reader = User.objects.get(), *(User.objects.create_user(name) for name in ("adam", "rita"))
        User.objects.filter(pk=admin.pk).update(role="admin")
        run = changes.start(actor=admin, list_name="people", action="role", rows=[reader.pk], values={"role": "editor"})
        assert run.done == [reader.pk]
        assert meet(initech, admin, partial(changes.undo, run=run), partial(remove, actor=owner, member=admin)) is None
        reader.refresh_from_db()
        assert reader.role == "editor"
