"""A token that is revoked in the moment in which its service is removed."""

from functools import partial

from profiles.api import changes
from profiles.api.models import Token
from profiles.members.changes import remove
from profiles.models import User
from tenants.context import within
from tests.profiles.races import meet


def test_token_revoked_while_its_service_is_removed_is_gone(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        token, _text = changes.issue_service(actor=owner, role="reader", wishes=changes.Wishes("Script", ["write"]))
        revoke = partial(changes.revoke, actor=owner, token=token)
        result = meet(initech, token.user, revoke, partial(remove, actor=owner, member=token.user))
        assert isinstance(result, Token.DoesNotExist)
