"""The first sign-in at the provider takes a seat, and finds none if all are taken."""

import pytest

from profiles.models import User
from profiles.testing import needs
from shared.plans import Plan
from tenants.context import public, within
from tests.profiles.own_sign_in.test_signing_in import NEW


@needs("profiles.plans")
@pytest.mark.parametrize(("seats", "comes"), [(4, False), (5, True)])
def test_a_person_new_to_the_organisation_needs_a_seat(acme, visitor, idp, use, settings, seats, comes):
    from profiles.plans.changes import change_plan

    settings.PLANS = settings.PLANS | {"small": Plan(title="Small", seats=seats)}
    use(acme, makes_members=True)
    with public():
        change_plan(acme, plan="small", by="Billing", reason="Paid by card")
    idp.says(person=NEW)
    page = idp.sign_in(visitor)
    assert ("Acme has no free seat at the moment." in page.text) is not comes
    with within(acme):
        assert User.objects.filter(email=NEW["email"]).exists() is comes
