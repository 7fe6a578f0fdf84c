"""Django's admin takes the filters on its page from the address, and no lookup besides."""

import pytest
from django.db.models import Field
from django.test import RequestFactory

from profiles.admin.site import site
from profiles.models import Profile, User

OFFERED = {User: {"role__exact", "is_active__exact"}, Profile: set()}
# Of each kind one on which Django or PostgreSQL fails.
BREAKING = [
    *("username__regex=(", "username__iregex=(", "email__contains=%5C", "id__range=0", "id__in=,", "id__lt=x"),
    *("date_joined__year=0", "date_joined__week_day=x", "last_login__isnull=x", "search_words__search='"),
    *("profile__photo__regex=(", "profile__id__range=0", "user__date_joined__year=0", "birth_date__iso_year=0"),
]


def lookups(model):
    """All filters that an address could have, of the model's fields and of its relations."""
    for field in model._meta.get_fields():
        if isinstance(field, Field):
            yield field.name
            yield from (f"{field.name}__{name}" for name in field.get_lookups())
        else:
            yield from (f"{field.name}__isnull", f"{field.name}__id__range")
    if model is Profile:
        yield from (f"user__{name}" for name in lookups(User))


@pytest.mark.parametrize("model", OFFERED)
def test_no_lookup_but_the_pages_own_is_taken(model):
    asked = set(lookups(model))
    assert len(asked) > 200
    taken = {name for name in asked if site.get_model_admin(model).lookup_allowed(name, "0", RequestFactory().get("/"))}
    assert taken == OFFERED[model]


def test_none_breaks_the_page(as_user, owner):
    browser = as_user(owner)
    browser.raise_request_exception = False
    for path in ("/admin/profiles/user/", "/admin/profiles/profile/"):
        assert {query: browser.get(f"{path}?{query}").status_code for query in BREAKING} == dict.fromkeys(BREAKING, 400)


@pytest.mark.parametrize("query", ["role__exact=owner", "is_active__exact=1", "is_active__exact=0", "q=olga", "p=1"])
def test_what_the_page_offers_works(as_user, owner, query):
    assert as_user(owner).get(f"/admin/profiles/user/?{query}").status_code == 200


def test_every_filter_that_the_page_links_to_works(as_user, owner):
    browser = as_user(owner)
    cl = browser.get("/admin/profiles/user/").context["cl"]
    links = [choice["query_string"] for spec in cl.filter_specs for choice in spec.choices(cl)]
    assert len(links) > 6
    assert {browser.get(f"/admin/profiles/user/{link}").status_code for link in links} == {200}
