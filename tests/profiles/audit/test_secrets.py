"""Passwords, codes, tokens and keys are in no entry, whatever form they were typed into."""

import pytest
from django.db import transaction

from profiles.testing import PASSWORD
from tenants.models import Tenant
from tests.profiles.audit.entries import written
from tests.security.attack import Attack, Found, request_of

MARK = "Marked-secret-770077"
# Fields of a text that is a secret, by a part of their names.
SECRET_NAMES = ("password", "code", "token", "key", "secret", "phone")


def is_secret(name: str, kind: str) -> bool:
    return kind == "password" or any(part in name for part in SECRET_NAMES)


def marked(attack: Attack, found: Found, mark: str) -> list[tuple[str, bytes]]:
    """What a person would send, with a mark in each field for a secret."""
    secret = {field.name for field in found.form.fields if is_secret(field.name, field.kind)}
    values = attack.plausible(found)
    return [(name, mark.encode() if name in secret else value) for name, value in values.items()]


@pytest.mark.slow
def test_no_form_leaves_a_secret(acme: Tenant) -> None:
    """Sent with the right password, so that it does what it is for, and with a mark that is wrong in most of them."""
    attack = Attack(acme)
    attack.people = lambda _site: ["owner", "visitor"]  # type: ignore[assignment,method-assign]  # who together see every form
    forms = [found for found in attack.forms() if found.form.method == "post" and found.site == "organisation"]
    assert len(forms) > 15
    leaks, number = [], 0
    for found in forms:
        for mark in (PASSWORD, MARK):
            with transaction.atomic():
                before = written(acme)
                request = request_of(found.form, marked(attack, found, mark), found.path)
                attack.browser(found.site, found.who).generic("POST", **request)
                after = written(acme)
                transaction.set_rollback(True)
            number += after != before
            leaks += [str(found)] if mark in after else []
    assert leaks == []
    assert number > 10, "Nearly nothing was done, so nothing could leak."
