"""Members in Django's admin: what is found, and that no form there leads past a rule."""

import pytest
from allauth.account.models import EmailAddress
from django.db.models.signals import pre_save

from profiles.models import Profile, User
from profiles.roles import Role
from tenants.context import within
from tests.profiles.admin.forged import FORGED, PROFILES, USERS, change


def test_list_shows_members_of_this_organisation_alone(owner, as_user):
    page = as_user(owner).get(USERS).content.decode()
    assert "reader@acme.example" in page
    assert "globex" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rita", ["reader"]),
        ("q=Rita+Reader", ["reader"]),
        ("q=reader%40acme", ["reader"]),
        ("q=globex", []),
        ("role__exact=admin", ["admin"]),
        ("is_active__exact=0", ["gone"]),
        ("is_active__exact=1&role__exact=reader", ["reader"]),
    ],
)
def test_search_and_filters(owner, as_user, query, found):
    results = as_user(owner).get(f"{USERS}?{query}").context["cl"].result_list
    assert [user.username for user in results] == found


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=md5",
        "password=x",
        "user__password__startswith=m",
        "email=%00",
        "role__exact=%00",
    ],
)
def test_nothing_is_guessed_or_broken_by_made_up_filters(owner, as_user, query):
    for url in (USERS, PROFILES):
        assert as_user(owner).get(f"{url}?{query}").status_code in (302, 400)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "p=99999999999999999999",
        "p=x",
        "o=9.9.9",
        "all=",
        "e=1",
        "date_joined__gte=yesterday",
        "is_active__exact=x",
        "id__exact=99999999999999999999999",
        "_to_field=password",
        "q=" + "x+" * 2000,
    ],
)
def test_nonsense_breaks_no_list(owner, as_user, query):
    for url in (USERS, PROFILES):
        assert as_user(owner).get(f"{url}?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "x", "%00", "_5F", "-1"])
def test_a_key_that_is_none_leads_back(owner, as_user, key):
    for url in (USERS, PROFILES):
        assert as_user(owner).get(f"{url}{key}/change/").status_code == 302


def state(tenant, model):
    with within(tenant):
        written = [field.attname for field in model._meta.concrete_fields if not field.generated]
        return list(model.objects.order_by("pk").values(*written))


@pytest.mark.parametrize("actor", ["owner", "admin"])
@pytest.mark.parametrize("member", ["owner", "admin", "editor", "reader", "gone"])
def test_a_forged_form_changes_no_one_else(acme, people, as_user, actor, member):
    client, other = as_user(people[actor]), people[member]
    if other.pk == people[actor].pk:
        return
    before = state(acme, User), state(acme, Profile)
    for url in (change(USERS, other), change(PROFILES, other)):
        assert client.post(url, FORGED).status_code == 403
    assert (state(acme, User), state(acme, Profile)) == before


@pytest.mark.parametrize("actor", ["owner", "admin"])
def test_a_forged_form_changes_ones_own_name_and_nothing_else(acme, people, as_user, actor):
    me = people[actor]
    client = as_user(me)
    before = state(acme, User)
    client.post(change(USERS, me), FORGED)
    expected = [row | {"first_name": "Forged", "last_name": "Forged"} if row["id"] == me.pk else row for row in before]
    assert state(acme, User) == expected


def test_a_change_of_ones_name_leaves_a_role_that_changes_at_that_moment(acme, admin, as_user):
    """The form writes what it showed: what another request wrote since it read the row stays."""

    def meanwhile(sender, instance, **kwargs):
        User.objects.filter(pk=instance.pk).update(role=Role.READER)

    client = as_user(admin)
    pre_save.connect(meanwhile, sender=User)
    try:
        client.post(change(USERS, admin), {"first_name": "Ada", "last_name": "Admin"})
    finally:
        pre_save.disconnect(meanwhile, sender=User)
    with within(acme):
        admin.refresh_from_db()
    assert (admin.first_name, admin.role) == ("Ada", Role.READER)


def test_nothing_is_done_by_the_dozen(acme, owner, gone, as_user):
    client = as_user(owner)
    before = state(acme, User)
    data = {"action": "delete_selected", "_selected_action": [gone.pk], "post": "yes", "index": "0"}
    client.post(USERS, data)
    client.post(USERS, {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": gone.pk, "_save": "1"})
    assert state(acme, User) == before
    assert "delete_selected" not in client.get(USERS).content.decode()


@pytest.mark.parametrize("url", [USERS, PROFILES])
def test_view_on_site_leads_to_the_persons_page(owner, reader, as_user, url):
    assert 'href="/people/reader/"' in as_user(owner).get(change(url, reader)).content.decode()


def test_the_page_of_a_member_shows_where_they_are_managed(owner, reader, as_user):
    page = as_user(owner).get(change(USERS, reader)).content.decode()
    assert 'href="/people/?q=reader"' in page
    assert 'name="_save"' not in page
    assert reader.password not in page


def test_an_owner_cannot_be_taken_over_by_their_address(acme, admin, owner, as_user, visitor, run_jobs, mailoutbox):
    client = as_user(admin)
    client.post(change(USERS, owner), FORGED | {"email": "admin+owner@acme.example"})
    visitor.post("/account/password/reset/", {"email": "admin+owner@acme.example"})
    run_jobs()
    assert {message.to[0] for message in mailoutbox} <= {"owner@acme.example"}
    with within(acme):
        assert not EmailAddress.objects.filter(email="admin+owner@acme.example").exists()


@pytest.mark.parametrize(("url", "queries"), [(USERS, 4), (PROFILES, 4)])
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_lists(acme, owner, as_user, django_assert_num_queries, url, queries, rows):
    with within(acme):
        User.objects.exclude(username__in=["owner", "admin", "editor"][:rows]).delete()
    client = as_user(owner)
    client.get(url)
    with django_assert_num_queries(queries):
        assert len(client.get(url).context["cl"].result_list) == rows
