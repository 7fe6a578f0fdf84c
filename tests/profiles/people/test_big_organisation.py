"""An organisation with very many members: every page finds its rows by an index, in as many queries as a small one."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections

from profiles.models import Invitation, User
from profiles.sign_in.usernames import free_username
from profiles.testing import PASSWORD, SiteClient, drop_jobs, needs
from profiles.testing.queries import of_the_core
from shared.keyset import keyset_page
from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import discard, make_spare

pytestmark = pytest.mark.slow

MEMBERS = 20_000
BIG_TABLES = {f"profiles_{name}" for name in ("user", "profile", "profileuserobjectpermission", "invitation")}
# No statement may read more rows than that to find its own; a search for a word that one in ten have, to count 1,001.
MOST_ROWS, MOST_SEARCHED = MEMBERS // 10, MEMBERS * 6 // 10
# One in 1,000 is deactivated, one in 50 an editor, one in 250 invitations open; two or three share each full name.
FILL = """
INSERT INTO profiles_user (username, first_name, last_name, email, role, is_active,
    password, is_superuser, is_staff, date_joined)
SELECT 'member-' || i, chr(97 + i %% 14) || repeat('a', i %% 10) || 'nna', 'Lástname' || i * 7919 %% 1000,
    'm' || i || '@acme.example', CASE WHEN i %% 50 = 7 THEN 'editor' ELSE 'reader' END, i %% 1000 <> 0,
    '!', false, false, now()
FROM generate_series(1, %(members)s) i;
INSERT INTO profiles_profile (user_id, bio, photo, location, phone, pronouns, time_zone, updated)
SELECT id, '', '', CASE WHEN id %% 500 = 3 THEN 'Ålesund' ELSE '' END, '', '', 'UTC', now() FROM profiles_user
WHERE password = '!';
INSERT INTO profiles_profileuserobjectpermission (user_id, content_object_id, permission_id)
SELECT p.user_id, p.id, a.id FROM profiles_profile p, auth_permission a WHERE a.codename = 'change_profile'
ON CONFLICT DO NOTHING;
INSERT INTO profiles_invitation (email, role, message, nonce, created, expires, accepted)
SELECT 'i' || i || '@new.example', 'reader', '', '', now(), now() + interval '1 day',
    CASE WHEN i %% 250 > 0 THEN now() END
FROM generate_series(1, %(members)s) i;
ANALYZE profiles_user, profiles_profile, profiles_profileuserobjectpermission, profiles_invitation
"""


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tenant]:
    """The organisation, committed, since it takes a second to fill; dropped after the last test of this file."""
    with django_db_blocker.unblock():
        owner: dict[str, Any] = {"name": "Olga Owner", "email": "owner@crowd.example", "password": PASSWORD}
        make_spare()
        tenant = sign_up(organisation="Crowd", slug="crowd", **owner).tenant
        with as_owner(), within(tenant), connection.cursor() as cursor:
            cursor.execute(FILL, {"members": MEMBERS})
        connections.close_all()
    yield tenant
    with django_db_blocker.unblock():
        discard(tenant)
        drop_jobs()
        connections.close_all()


@pytest.fixture
def big(crowd: Tenant, db: None) -> Tenant:
    return crowd


@pytest.fixture
def owners_browser(big: Tenant) -> SiteClient:
    with within(big):
        owner = User.objects.get(role="owner")
    client = SiteClient(big).sign_in(owner)
    client.get("/people/owner/")  # The first request switches the schema, and fills the cache of content types.
    return client


@contextmanager
def by_index(tenant: Tenant) -> Iterator[list[str]]:
    """Gives the statements sent inside; fails if one of them reads more of a big table than it is about."""
    sent: list[tuple[str, Any]] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "set_config" not in sql and "SAVEPOINT" not in sql:
            sent.append((sql, params))
        return execute(sql, params, many, context)

    statements: list[str] = []
    with connection.execute_wrapper(keep):
        yield statements
    statements += [sql for sql, _ in sent]
    with within(tenant):
        for sql, params in sent:
            if any(f'"{table}"' in sql for table in BIG_TABLES):
                check_plan(sql, params)


def check_plan(sql: str, params: Any) -> None:
    """Look how PostgreSQL finds the rows. What writes is not done once more, so that of it only the plan is seen."""
    options = "ANALYZE, FORMAT JSON" if sql.startswith("SELECT") else "FORMAT JSON"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        [plan] = cursor.fetchone()[0]
    scans = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") in BIG_TABLES]
    message = f"{sql}\n{json.dumps(plan, indent=1)}"
    assert not [scan for scan in scans if scan["Node Type"] == "Seq Scan"], message
    read = sum(scan.get("Actual Rows", 0) + scan.get("Rows Removed by Filter", 0) for scan in scans)
    assert read <= (MOST_SEARCHED if "@@" in sql else MOST_ROWS), message


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize(
    ("path", "rows", "queries"),
    [
        ("/people/", 50, 5),
        ("/people/?after=kaaanna+lastname5~9000", 50, 5),
        ("/people/?before=kaaanna+lastname5~9000", 50, 5),
        ("/people/?sort=-name&after=kaaanna+lastname5~9000", 50, 5),
        ("/people/?sort=role", 50, 5),
        ("/people/?sort=-role&after=reader~kaaanna+lastname5~9000", 50, 5),
        ("/people/?sort=-joined", 50, 6),
        ("/people/?sort=joined&after=9000", 50, 6),
        ("/people/?role=owner", 1, 4),
        ("/people/?role=editor", 50, 5),
        ("/people/?role=reader&after=kaaanna+lastname5~9000", 50, 5),
        ("/people/?role=editor&q=nobody", 0, 5),
        ("/people/?q=member-777", 11, 5),
        ("/people/?q=member-777&sort=role", 11, 5),
        ("/people/?q=kaanna+lastname1", 28, 5),
        ("/people/?q=MÁANNA", 50, 6),
        ("/people/?q=m19999@acme.example", 1, 5),
        ("/people/?q=alesund", 40, 5),
        ("/people/?q=alesund+member-5", 3, 5),
        ("/people/?q=a", 50, 6),
        ("/people/?q=nobody", 0, 5),
        ("/people/?q=a+b+c+d+e+f+g+h+i+j+k+l", 0, 5),
        ("/people/?q=%25", 0, 3),
        pytest.param("/people/?q=" + "a" * 5000, 0, 5, id="one long word"),
        pytest.param("/people/?q=" + "lastname+" * 1000, 50, 6, id="many words"),
        ("/members/deactivated/", 20, 4),
        ("/members/deactivated/?sort=role", 20, 4),
        ("/members/deactivated/?sort=-joined", 20, 5),
        ("/members/deactivated/?role=editor", 0, 4),
        ("/members/deactivated/?role=reader&q=kaanna", 0, 5),
        ("/members/invitations/", 50, 4),
        ("/members/invitations/?after=15000", 50, 4),
    ],
)
def test_list_is_read_from_an_index(big, owners_browser, path, rows, queries):
    with by_index(big) as statements:
        response = owners_browser.get(path)
    assert len(response.context["page"].rows) == rows
    own = of_the_core(statements)
    assert len(own) == queries, "\n".join(own)


@pytest.mark.parametrize("words", ["lastname", "kaanna", "member-777"])
@pytest.mark.parametrize("target", [0, 1000])
def test_search_is_as_fast_whatever_the_statistics_say(big, owners_browser, words, target):
    """Without statistics PostgreSQL takes each word for a rare one; with many, it scans the list for rare ones too."""
    with as_owner(), within(big), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE profiles_user ALTER search_words SET STATISTICS {target}")
        cursor.execute("ANALYZE profiles_user (search_words)")
    with by_index(big):
        assert owners_browser.get(f"/people/?q={words}").context["page"].rows


@needs("profiles.admin")
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("user/", 50),
        ("user/?p=19", 50),
        ("user/?q=member-777", 11),
        ("user/?q=MÁANNA+lastname", 50),
        ("user/?q=m19999@acme.example", 1),
        ("user/?q=nobody", 0),
        ("user/?role__exact=editor", 50),
        ("user/?is_active__exact=0&q=member-1000", 2),
        ("profile/", 50),
        ("profile/?p=19", 50),
        ("profile/?q=member-777", 11),
        ("profile/?q=m19999@acme.example", 1),
    ],
)
def test_list_of_djangos_admin_is_read_from_an_index(big, owners_browser, query, rows):
    with by_index(big) as statements:
        response = owners_browser.get(f"/admin/profiles/{query}")
    assert len(response.context["cl"].result_list) == rows
    # A search asks first whether its words are common.
    assert len(statements) == 4 + ("q=" in query), "\n".join(statements)


@needs("profiles.admin")
def test_djangos_admin_says_that_there_are_more(owners_browser):
    everybody = page_of(owners_browser, "/admin/profiles/user/")
    assert "These are the first 1,000. Search to find the others." in everybody
    assert "1000 results" not in everybody
    found = page_of(owners_browser, "/admin/profiles/user/?q=member-777")
    assert "11 users" in found
    assert "11 results" in found


def page_of(browser: SiteClient, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/people/member-700/", 3),
        ("/members/member-700/role/", 3),
        ("/members/member-700/deactivate/", 3),
        ("/members/member-700/remove/", 3),
    ],
)
def test_page_about_one_member_is_read_from_an_index(big, owners_browser, path, queries):
    with by_index(big) as statements:
        assert owners_browser.get(path).status_code == 200
    own = of_the_core(statements)
    assert len(own) == queries, "\n".join(own)


@pytest.mark.parametrize(
    ("path", "form", "queries"),
    [
        # One of them is the job that mails the notice.
        pytest.param("/members/member-701/role/", {"role": "admin"}, 8, marks=needs("profiles.notices")),
        ("/members/member-701/deactivate/", {}, 9),
        ("/members/member-1000/reactivate/", {}, 7),
        # Four of them are about the rows that these apps have of a member, or keep.
        pytest.param(
            "/members/member-701/remove/",
            {},
            30,
            marks=needs("profiles.admin", "profiles.returning", "profiles.two_factor", "profiles.welcome"),
        ),
        ("/members/invitations/new/", {"email": "New@new.example", "role": "reader"}, 19),
    ],
)
def test_what_is_done_finds_its_rows_by_an_index(big, owners_browser, path, form, queries):
    with by_index(big) as statements:
        response = owners_browser.post(path, form)
    assert response.status_code == 302
    own = of_the_core(statements)
    assert len(own) == queries, "\n".join(own)


@pytest.mark.parametrize("login", ["M701@acme.example", "MEMBER-701"])
def test_signing_in_finds_the_member_by_an_index(big, login):
    with within(big):
        User.objects.filter(username="member-701").update(password=make_password(PASSWORD))
    with by_index(big):
        response = SiteClient(big).post("/account/login/", {"login": login, "password": PASSWORD})
    assert response["Location"] == "/"


def test_invited_person_joins_by_indexes_alone(big):
    with within(big):
        invitation = Invitation.objects.create(email="nora@new.example")
        link = f"/invitations/{invitation.token}/"
    with by_index(big):
        form = SiteClient(big).get(link).context["form"]
        answer = {"name": "Nora New", "username": form["username"].initial, "password": "staple horse 7"}
        assert SiteClient(big).post(link, answer).status_code == 302


@pytest.mark.slow
def test_all_pages_together_hold_everyone_once(big):
    with within(big):
        everybody = User.objects.by_name()
        first = page = keyset_page(everybody, {}, 1500)
        forwards = [user.pk for user in page.rows]
        while page.after:
            page = keyset_page(everybody, {"after": page.after}, 1500)
            forwards += [user.pk for user in page.rows]
        backwards = [user.pk for user in page.rows]
        while page.before:
            page = keyset_page(everybody, {"before": page.before}, 1500)
            backwards = [*(user.pk for user in page.rows), *backwards]
        assert forwards == backwards == list(everybody.values_list("pk", flat=True))
        assert page == first


def test_count_has_a_maximum(owners_browser):
    assert "More than 1,000 people" in owners_browser.get("/people/").content.decode()
    assert "More than 1,000 people" in owners_browser.get("/people/?q=lastname").content.decode()
    assert ">11 people<" in owners_browser.get("/people/?q=member-777").content.decode()


def test_name_for_the_next_of_many_namesakes_takes_two_queries(big):
    with within(big):
        User.objects.bulk_create(User(username="nora" if n == 1 else f"Nora-{n}") for n in range(1, 101))
        with by_index(big) as statements:
            name = free_username("nora@new.example")
        assert len(of_the_core(statements)) == 2  # of the name itself, and of all with a number
        assert name.startswith("nora-")
        assert not User.objects.filter(username__iexact=name).exists()
