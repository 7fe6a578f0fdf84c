"""What sign_up() and the directory refuse without a form."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from profiles.models import User
from tenants.context import as_owner, within
from tenants.models import Domain, Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare

GOOD: dict[str, Any] = {
    "organisation": "Works",
    "slug": "works",
    "name": "Ada Lovelace",
    "email": "ada@works.example",
    "password": "plenty of rocket fuel",
}


REFUSED = [
    ("slug", "admin", "reserved"),
    ("slug", "a.b", "characters"),
    ("slug", "-x-", "outer_hyphen"),
    ("slug", "", "short"),
    ("slug", "ünï", "characters"),
    ("slug", "Upper", "characters"),
    ("email", "ada", "invalid"),
    ("email", "ada@works.example\r\nBcc: all@works.example", "local"),
    ("email", "a\rb@works.example", "local"),
    ("email", "", "invalid"),
    ("password", "", "required"),
    ("organisation", " \n", "required"),
    ("organisation", "x" * 101, "long"),
    ("organisation", "Wor\0ks", "control"),
    ("name", "", "required"),
    ("name", "x" * 151, "long"),
]


def test_sign_up_refuses_and_takes_no_spare(db):
    spare = make_spare()
    for field, value, code in REFUSED:
        with pytest.raises(ValidationError) as refusal:
            sign_up(**{**GOOD, field: value})
        assert list(refusal.value.error_dict) == [field], value
        assert code in [error.code for error in refusal.value.error_dict[field]], value
    assert spare in Tenant.objects.spare()
    assert not Domain.objects.filter(tenant=spare).exists()


def test_all_that_is_wrong_is_said_at_once(db):
    with pytest.raises(ValidationError) as refusal:
        sign_up(organisation="", slug="", name="", email="", password="")
    assert set(refusal.value.error_dict) == set(GOOD)


def test_names_are_stored_in_one_line(db):
    make_spare()
    tenant = sign_up(**{**GOOD, "organisation": "Rocket\r\nWorks", "name": " Ada\n Lovelace "}).tenant
    assert tenant.name == "Rocket Works"
    with within(tenant):
        assert User.objects.get().name == "Ada Lovelace"


@pytest.mark.parametrize("slug", ["a.b", "-x-", "", "ünï", "Upper", "works\n"])
def test_directory_refuses_what_no_host_can_be_called(acme, slug):
    tenant = Tenant(slug=slug, state=Tenant.State.ACTIVE)
    if slug:
        with pytest.raises(ValidationError):
            tenant.save()
    with pytest.raises(IntegrityError, match="tenant_slug_is_label"):
        Tenant.objects.filter(pk=acme.pk).update(slug=slug)


def test_migration_gives_odd_organisations_an_address(acme, globex):
    """Without it, the constraint could not be added, and no organisation would get any later migration."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_tenant DROP CONSTRAINT tenant_slug_is_label")
    Tenant.objects.filter(pk=acme.pk).update(slug="glob.ex", slug_skeleton="glob.ex")
    import_module("tenants.migrations.0007_mend_odd_slugs").mend(apps, None)
    acme = Tenant.objects.get(pk=acme.pk)
    assert acme.slug in ("glob-ex", f"organisation-{acme.pk}")
    assert acme.domain == f"{acme.slug}.localhost"
    assert Domain.objects.filter(tenant=acme, domain="acme.localhost", is_primary=False).exists()
    assert Tenant.objects.get(pk=globex.pk).slug == "globex"
