"""What the tests of the requirement share."""

import pytest
from allauth.account.models import EmailAddress

from tenants.context import within
from tenants.notices import noticed


@pytest.fixture
def verified_editor(acme, editor):
    with within(acme):
        EmailAddress.objects.create(user=editor, email=editor.email, primary=True, verified=True)
    return editor


@pytest.fixture
def told():
    """Who was told of a kind of notice: the usernames, in the order in which it was said."""
    said: list[tuple[str, str]] = []

    def listen(news, **_kwargs):
        said.extend((news.kind, person.username) for person in news.people)

    noticed.connect(listen)
    yield lambda kind: [name for each, name in said if each == kind]
    noticed.disconnect(listen)
