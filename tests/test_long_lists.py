"""Each list of members' affairs: empty, with one row, and with a thousand, which cost as many statements as one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.models import User
from profiles.testing import SiteClient
from tenants.context import within
from tenants.models import Tenant

Rows = Callable[[User, list[int]], list[dict[str, Any]]]

# The address, the model, and what its rows are made of.
LISTS: list[tuple[str, str, Rows]] = [
    ("/members/invitations/", "profiles.Invitation", lambda _me, ns: [{"email": f"n{n}@x.example"} for n in ns]),
    ("/groups/", "groups.Group", lambda _me, ns: [{"name": f"Group {n}"} for n in ns]),
    (
        "/members/requests/",
        "joining.Applicant",
        lambda _me, ns: [{"email": f"n{n}@x.example", "name": "N"} for n in ns],
    ),
    (
        "/members/former/",
        "returning.Former",
        lambda _me, ns: [{"email": f"n{n}@x.example", "name": f"N {n}", "role": "reader"} for n in ns],
    ),
    (
        "/settings/activity/",
        "audit.Entry",
        lambda _me, ns: [{"kind": "member.left", "actor": "system", "terms": [f"x{n}"]} for n in ns],
    ),
    (
        "/account/sign-ins/",
        "audit.Entry",
        lambda me, ns: [
            {"kind": "session.refused", "actor": "visitor", "terms": ["kind:session.refused", f"profiles.user:{me.pk}"]}
            for _n in ns
        ],
    ),
    (
        "/notices/",
        "notices.Notice",
        lambda me, ns: [
            {"to": me, "kind": "member.welcome", "words": {"organisation": f"N {n}"}, "created": timezone.now()}
            for n in ns
        ],
    ),
    ("/members/invitations/many/", "bulk_invitations.Batch", lambda me, ns: [{"by": me} for _n in ns]),
]


@pytest.mark.parametrize(("path", "label", "rows"), LISTS, ids=[path for path, _label, _rows in LISTS])
def test_a_list_with_nothing_one_row_and_a_thousand(
    acme: Tenant, owner: User, as_user: Any, path: str, label: str, rows: Rows
) -> None:
    if not apps.is_installed(f"profiles.{label.split('.', maxsplit=1)[0]}") and not label.startswith("profiles."):
        pytest.skip("taken out")
    browser, numbers = as_user(owner), []
    for has in ([], [0], list(range(1, 1000))):
        with within(acme):
            model = apps.get_model(label)
            model.objects.bulk_create(model(**values) for values in rows(owner, has))
        browser.get(path)
        numbers.append(statements(browser, path))
    assert numbers[1] == numbers[2], "A long list costs no more than a short one."
    assert numbers[0] <= numbers[1]


def statements(browser: SiteClient, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len([each for each in captured if "set_config" not in each["sql"]])
