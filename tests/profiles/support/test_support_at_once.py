"""An owner withdraws the consent in the moment in which an operator enters: one comes after the other."""

from functools import partial

from django.utils import timezone

from profiles.models import User
from profiles.support import changes
from profiles.support.models import Visit
from tenants.context import public, within
from tenants.models import Tenant
from tests.profiles.races import overtaken


def test_owner_who_says_never_and_operator_who_enters_do_not_wait_for_each_other(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        initech.support_access = "on"
        with public():
            Tenant.objects.filter(pk=initech.pk).update(support_access="on")
        visit = Visit.objects.create(
            member=owner, operator="Opal", operator_key=1, reason="why", minutes=30, allowed=timezone.now()
        )
        enter = partial(changes.enter, changes.token(visit), max_age=60)
        never = partial(changes.choose, actor=owner, access="off")
    assert overtaken(initech, enter, by=never, locked=changes.consent) is None
    with within(initech):
        visit.refresh_from_db()
        assert visit.ended
        assert not visit.begun
