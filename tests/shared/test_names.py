"""Names that mails may repeat: real names are accepted, and no mail program turns a part of one into a link."""

import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from profiles.invitations.changes import accept, invite
from profiles.models import User
from profiles.roles import Role
from profiles.testing.installed import needs
from shared.names import holds_address, in_mail
from tenants.context import within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up

NAMES = """
Dr. No|Node.js Ltd|St.Gallen|J.P.Morgan|M.Sc. Ada|B.Com Raj|S.p.A.|Huawei Co.,Ltd.|Huawei Co.Ltd|U.S.A.|Mr.Ed
Yahoo! Inc.|A.G.|d.o.o.|AC/DC|Ben & Jerry|e.V.|3.5.1|Jean-Luc|O'Neil|Q&A: now|Ph.D|C++ / C#|J.Lo|Web 2.0|12.5.2020
J.de Vries|東京 。|Dr.Kim|Dr.Green|Meyer.GmbH
"""
ADDRESSES = """
Dear customer, click http://evil.example|evil.com|www.evil|me@work|bit.ly/abc|t.co/x|EVIL.COM!|ev\u200bil.com
click evil。com now|ｅｖｉｌ．ｃｏｍ|evil.co.uk|a.b.com|xn--e1afmkfd.xn--p1ai|login.acme.io:443|10.20.30.40|пример.рф
mailto:x|evil.com.|my-bank.info|evil.best/login|win at evil.autos|evil.tokyo|evil.онлайн|evil.zone
"""


def each(text: str) -> list[str]:
    return [name for line in text.strip().splitlines() for name in line.split("|")]


@pytest.mark.parametrize("name", each(NAMES))
def test_a_name(name):
    assert not holds_address(name)
    assert in_mail(name, instead="") == name


@pytest.mark.parametrize("name", each(ADDRESSES))
def test_an_address(name):
    assert holds_address(name)
    assert in_mail(name, instead="A colleague") == "A colleague"


@pytest.mark.parametrize("letter", ["a", ".", "a.", "a-", "@"])
def test_a_megabyte_takes_no_time(letter):
    began = time.process_time()
    holds_address(letter * 1_000_000)
    assert time.process_time() - began < 1


LINK = "Click evil.com"


@needs("tenants.registration")
@pytest.mark.parametrize("field", ["organisation", "name"])
def test_no_one_signs_up_with_an_address_for_a_name(public_client, field):
    typed: dict[str, Any] = {
        "organisation": "Club",
        "slug": "linked",
        "name": "Ada",
        "email": "a@b.example",
        "password": "long enough 77",
    }
    response = public_client.post("/sign-up/", {**typed, field: LINK})
    assert list(response.context["form"].errors) == [field]
    with pytest.raises(ValidationError) as refusal:
        sign_up(**{**typed, field: LINK})
    assert list(refusal.value.message_dict) == [field]
    assert not Tenant.objects.filter(slug="linked").exists()


def test_no_member_joins_with_one(acme, owner, visitor):
    with within(acme):
        invitation = invite(actor=owner, email="nora@new.example", role=Role.READER)
        path = invitation.url.removeprefix("http://acme.localhost:8000")
    typed = {"name": LINK, "username": "nora", "password": "long enough 77"}
    assert list(visitor.post(path, typed).context["form"].errors) == ["name"]
    with within(acme):
        with pytest.raises(ValidationError) as refusal:
            accept(token=invitation.token, **typed)
        assert list(refusal.value.message_dict) == ["name"]
        assert not User.objects.filter(username="nora").exists()


@needs("profiles.admin")
@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_no_member_takes_one_later(acme, as_user, reader, admin, field):
    typed = {"first_name": "Rita", "last_name": "Reader", "time_zone": "UTC", field: LINK}
    assert list(as_user(reader).post("/people/reader/edit/", typed).context["form"].errors) == [field]
    added = {"username": "new", "email": "new@acme.example", "usable_password": "false", field: LINK}
    answer = as_user(admin).post("/admin/profiles/user/add/", added)
    assert list(answer.context["adminform"].form.errors) == [field]
    with within(acme), pytest.raises(ValidationError):
        User(username="x", password="y", **{field: LINK}).full_clean()


def test_no_organisation_is_renamed_to_one(acme, as_user, owner):
    answer = as_user(owner).post("/settings/", {"name": LINK, "slug": "acme"})
    assert list(answer.context["form"].errors) == ["name"]
    acme.name = LINK
    with pytest.raises(ValidationError):
        acme.full_clean()


def test_a_user_name_in_place_of_a_name_is_no_link_in_a_mail(acme, owner, run_jobs, mailoutbox):
    with within(acme):
        odd = User.objects.create_user("click.evil.com", "odd@acme.example", role=Role.OWNER)
        invite(actor=odd, email="nora@new.example", role=Role.READER)
    run_jobs()
    assert mailoutbox[-1].subject == "A colleague invited you to Acme"
    assert "evil" not in mailoutbox[-1].body
