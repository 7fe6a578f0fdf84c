"""Whose address counts as verified, who becomes a member at the first sign-in, and what is taken over from there."""

from base64 import b64encode
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.invitations.changes import invite
from profiles.models import User
from profiles.own_sign_in.models import Identity
from profiles.own_sign_in.tasks import fetch_photo
from profiles.testing import SiteClient
from profiles.testing.installed import needs
from tenants.context import public, within
from tests.daily import part_each_day
from tests.profiles.own_sign_in.conftest import is_in
from tests.profiles.pictures.made import quarters, saved

# As Entra ID says it: nothing about whether the address is verified.
NORA: dict[str, Any] = {"sub": "00u9", "email": "nora@customer.example", "given_name": "Nora", "family_name": "New"}
CONTRACTOR = NORA | {"sub": "00u8", "email": "carl@agency.example", "given_name": "Carl"}


@pytest.fixture
def prove(acme):
    def prove(tenant: Any, domain: str = "customer.example") -> None:
        from profiles.mail_domains.models import MailDomain

        with public():
            MailDomain.objects.create(tenant=tenant, domain=domain, proved=timezone.now())

    return prove


def joins(tenant, idp, person) -> User | None:
    """The member that the person is signed in as, or None."""
    idp.says(person=person)
    browser = SiteClient(tenant)
    idp.sign_in(browser)
    with within(tenant):
        return User.objects.select_related("profile").filter(pk=is_in(browser, tenant) or 0).first()


@needs("profiles.mail_domains")
def test_an_address_of_a_proved_domain_counts_as_verified_where_the_provider_says_nothing(
    acme, globex, idp, use, prove
):
    prove(globex)
    for tenant in (acme, globex):
        use(tenant, makes_members=True)
    assert not joins(acme, idp, NORA), "Another organisation has proved the domain, and this one has not."
    assert not joins(globex, idp, CONTRACTOR)
    assert not joins(globex, idp, NORA | {"email": "nora@mail.customer.example"}), "It is below the proved domain."
    assert not joins(globex, idp, NORA | {"email_verified": False}), "What the provider says counts."
    nora = joins(globex, idp, NORA)
    assert nora
    assert nora.name == "Nora New"


@needs("profiles.mail_domains")
def test_owner_keeps_contractors_out_who_can_still_be_invited(acme, owner, idp, use, prove):
    use(acme, makes_members=True, own_domains_only=True)
    verified = {"email_verified": True}
    assert not joins(acme, idp, NORA | verified), "No domain is proved yet."
    prove(acme)
    assert not joins(acme, idp, CONTRACTOR | verified)
    assert joins(acme, idp, NORA)
    with within(acme):
        invite(actor=owner, email=CONTRACTOR["email"], role="reader")
    assert joins(acme, idp, CONTRACTOR | verified)


@needs("profiles.mail_domains")
def test_a_member_with_a_proved_address_still_confirms_the_account_once(acme, editor, visitor, idp, use, prove):
    use(acme)
    prove(acme, "acme.example")
    idp.says(person={"sub": "e", "email": editor.email})
    assert "Sign in once in another way" in idp.sign_in(visitor).text
    assert not is_in(visitor, acme)


def test_owner_wishes_neither_names_nor_photos(acme, idp, use):
    use(acme, makes_members=True, trusts_addresses=True, takes_names=False)
    nora = joins(acme, idp, NORA | {"picture": f"{idp.address}/picture/"})
    assert nora
    assert (nora.first_name, nora.last_name) == ("", "")
    with within(acme):
        assert not Identity.objects.get().picture


def test_new_member_has_the_photo_of_the_provider_unless_they_added_one(acme, idp, use):
    use(acme, makes_members=True, trusts_addresses=True, takes_photos=True)
    nora = joins(acme, idp, NORA | {"picture": f"{idp.address}/picture/"})
    assert nora
    with public():
        [job] = ProcrastinateJob.objects.filter(task_name="own_sign_in.photo")
        assert job.args["arguments"] == {"pk": nora.pk}
        assert idp.address not in str(job.args), "No one's data is in public."
    idp.says(picture=b64encode(saved(quarters(), "PNG")).decode())
    with within(acme):
        fetch_photo(pk=nora.pk)
        nora.profile.refresh_from_db()
        photo = nora.profile.photo
        with photo.open() as file, Image.open(file) as image:
            assert image.format == "WEBP"
        Identity.objects.update(picture=f"{idp.address}/picture/")
        fetch_photo(pk=nora.pk)
        nora.profile.refresh_from_db()
        assert nora.profile.photo.name == photo.name
        assert not Identity.objects.get().picture


@pytest.mark.parametrize(
    "address",
    part_each_day(
        [
            "{}/picture/",
            "https://127.0.0.2/",
            "http://localhost:{port}/picture/",
            "file:///etc/passwd",
            "{}/nothing",
            "x" * 300,
        ]
    ),
)
def test_what_is_no_picture_or_lies_inside_our_network_is_left(acme, idp, use, address):
    use(acme, makes_members=True, trusts_addresses=True, takes_photos=True)
    address = address.format(idp.address, port=idp.address.rpartition(":")[2])
    nora = joins(acme, idp, NORA | {"picture": address})
    assert nora
    idp.says(picture=b64encode(b"<svg/>" if idp.address in address else saved(quarters(), "PNG")).decode())
    with within(acme):
        fetch_photo(pk=nora.pk)
        nora.profile.refresh_from_db()
        assert not nora.profile.photo
        assert not Identity.objects.get().picture
