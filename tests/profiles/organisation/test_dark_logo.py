"""A second logo, for dark pages."""

from datetime import timedelta

import pytest

from profiles.models import User
from profiles.pictures.sweep import sweep
from tenants.context import within
from tenants.models import Tenant
from tests.profiles.organisation.uploads import acme_now, logos, upload, wide


@pytest.fixture
def both(save, owner) -> Tenant:
    """Acme with a logo for all pages and one for dark ones."""
    save(owner, logo=upload(wide()), logo_dark=upload(wide(600, 300)))
    return acme_now()


def test_dark_pages_have_a_logo_of_their_own(both, visitor):
    page = visitor.get("/account/login/").text
    assert f'<source media="(prefers-color-scheme: dark)" srcset="{both.logo_dark.url}" width="64" height="32">' in page
    assert f'src="{both.logo.url}" alt="" width="128" height="32"' in page
    assert b"".join(visitor.get(both.logo_dark.url).streaming_content).startswith(b"RIFF")


@pytest.mark.parametrize(("theme", "shown"), [("light", "logo"), ("dark", "logo_dark")])
def test_a_chosen_theme_chooses_the_logo(acme, both, as_user, reader, theme, shown):
    with within(acme):
        User.objects.filter(pk=reader.pk).update(theme=theme)
    page = as_user(reader).get("/").text
    assert "<picture>" not in page
    assert page.count(f'src="{getattr(both, shown).url}"') == 2  # in the header, and in the greeting


def test_each_logo_is_removed_alone_and_the_dark_one_not_left_alone(both, save, owner, media):
    refused = save(owner, **{"logo-clear": "on"})
    assert refused.context["form"].errors == {
        "logo_dark": ["Choose a logo above too. This one is for dark pages only."]
    }
    save(owner, **{"logo_dark-clear": "on"})
    assert (bool(acme_now().logo), bool(acme_now().logo_dark), len(logos(media))) == (True, False, 1)
    alone = save(owner, **{"logo-clear": "on"}, logo_dark=upload(wide()))
    assert "logo_dark" in alone.context["form"].errors
    assert len(logos(media)) == 1


def test_the_nightly_job_leaves_both_logos(acme, both, media):
    with within(acme):
        assert sweep(older_than=timedelta()) == 0
    assert len(logos(media)) == 2
