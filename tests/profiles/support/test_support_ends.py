"""A support sign-in ends with its time, the owner's consent or the operator's right."""

from datetime import timedelta

from django.utils import timezone

from profiles.models import User
from profiles.roles import Role
from profiles.support.models import Visit
from tenants.cleaning import clean_up
from tenants.context import within
from tests.profiles.support.entering import consent, console, entries, given


def test_it_ends_after_its_time(visit, acme):
    with within(acme):
        Visit.objects.update(begun=timezone.now() - timedelta(minutes=31))
    assert "This visit is over" in visit.get("/people/").content.decode()
    assert "/account/login/" in visit.get("/people/")["Location"]


def test_it_ends_when_the_owner_says_so(visit, acme, owner, as_user):
    with within(acme):
        pk = Visit.objects.get().pk
    as_user(owner).post(f"/settings/support/{pk}/end/")
    assert visit.get("/").status_code == 403
    [ended] = entries(acme, "support.ended")
    assert (ended.actor, ended.actor_id) == ("member", owner.pk)


def test_it_ends_with_the_consent(visit, acme, owner, as_user):
    as_user(owner).post("/settings/support/", {"access": "off"})
    assert visit.get("/").status_code == 403


def test_it_ends_with_the_operators_own_right(visit, staff):
    with within(staff):
        User.objects.filter(username="owner").update(role=Role.EDITOR)
    assert visit.get("/").status_code == 403


def test_what_is_refused_or_old_lets_no_one_in(operator, acme, owner, as_user):
    consent(acme, "ask")
    for _ in range(2):
        operator.post(console(acme), given())
    with within(acme):
        refused, old = Visit.objects.order_by("pk")
        Visit.objects.filter(pk=old.pk).update(asked=timezone.now() - timedelta(hours=25))
    as_user(owner).post(f"/settings/support/{refused.pk}/answer/", {"answer": "refuse"})
    late = as_user(owner).post(f"/settings/support/{old.pk}/answer/", {"answer": "allow"}, follow=True)
    assert "more than a day old" in late.text
    for each in (refused, old):
        assert "or was not allowed" in operator.post(f"{console(acme)}{each.pk}/", follow=True).text
        assert as_user(owner).post(f"/settings/support/{each.pk}/end/")["Location"] == "/settings/support/"
    with within(acme):
        assert not Visit.objects.exclude(allowed=None, ended=None).exists()
    assert as_user(owner).post(f"/settings/support/{old.pk + 1}/answer/", {"answer": "allow"}).status_code == 404


def test_visits_are_deleted_at_night_after_three_months(visit, acme):
    with within(acme):
        clean_up()
        assert Visit.objects.count() == 1
        Visit.objects.update(asked=timezone.now() - timedelta(days=91))
        clean_up()
        assert not Visit.objects.exists()
