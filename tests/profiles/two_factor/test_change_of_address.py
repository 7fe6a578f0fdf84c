"""A member with two-factor sign-in moves to another e-mail address."""

import re

from allauth.account.models import EmailAddress

from profiles.models import User
from tenants.context import within

NEW = "rita@new.example"


def test_protected_member_changes_the_address(acme, protected, client, visitor, run_jobs, mailoutbox):
    with within(acme):
        EmailAddress.objects.get(user=protected).set_verified()
    assert client.post("/account/email/", {"action_add": "", "email": NEW}).status_code == 302
    with within(acme):
        assert User.objects.get(pk=protected.pk).email == protected.email  # until the link is opened
    run_jobs()
    link = re.search(r"/account/confirm-email/\w+/", mailoutbox[-1].body)
    assert link
    visitor.post(link[0])
    with within(acme):
        assert User.objects.get(pk=protected.pk).email == NEW
    run_jobs()
    assert mailoutbox[-1].to == [protected.email]
    assert NEW in mailoutbox[-1].body
