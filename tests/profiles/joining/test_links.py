"""The join link: who makes it, who can use it, how often, and when it ends."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from profiles.invitations import changes as invitations
from profiles.joining import links
from profiles.joining.models import Applicant, Joining
from profiles.mail import refusals
from profiles.members import changes as members
from profiles.models import Invitation, OutgoingMail, User
from profiles.roles import Role
from profiles.testing import PASSWORD
from tenants.context import public, within
from tenants.limits.counting import Rate, take
from tenants.models import Tenant
from tests.profiles.races import at_once, meet

NORA = {"name": "Nora New", "email": "nora@new.example"}


@pytest.fixture
def link(acme, owner):
    """acme is older than a day, and an owner's address is confirmed: its link works for many people."""
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now() - timedelta(days=2))
        acme.refresh_from_db()
    with within(acme):
        EmailAddress.objects.update_or_create(user=owner, email=owner.email, defaults={"verified": True})
        return links.make_link(actor=owner, role=Role.EDITOR, days=7, most_uses=2)


def path(link):
    return f"/join/{link.nonce}/"


def ask(tenant, link, email):
    with within(tenant):
        links.ask_by_link(token=link.nonce, name="Nora New", email=email)


def test_a_person_joins_by_the_link_and_the_mail_in_their_mailbox(acme, link, visitor, run_jobs, mailoutbox):
    assert "Your role: Editor" in visitor.get(path(link)).content.decode()
    page = visitor.post(path(link), NORA, follow=True).content.decode()
    assert "We sent you an email" in page
    with within(acme):
        assert not User.objects.filter(email=NORA["email"]).exists()
    run_jobs()
    [mail] = mailoutbox
    assert (mail.to, "Olga Owner invited you" in mail.body) == (["nora@new.example"], True)
    with within(acme):
        token = Invitation.objects.get(email="nora@new.example").token
    page = visitor.get(f"/invitations/{token}/").content.decode()
    assert 'value="Nora New"' in page
    visitor.post(f"/invitations/{token}/", {"name": "Nora New", "username": "nora", "password": PASSWORD})
    with within(acme):
        assert User.objects.get(email="nora@new.example").role == Role.EDITOR
        assert Joining.load().uses == 1


def test_the_page_says_the_same_for_known_and_unknown_addresses(
    acme, link, visitor, reader, gone, run_jobs, mailoutbox
):
    with within(acme):
        Invitation.objects.create(email="ivy@new.example", invited_by=User.objects.get(username="owner"))
        refusals.refuse("rex@new.example")
    emails = [NORA["email"], reader.email, gone.email, "ivy@new.example", "rex@new.example"]
    pages = []
    for email in emails:
        response = visitor.post(path(link), {"name": "Nora New", "email": email})
        pages.append((response.status_code, response.url))
    assert set(pages) == {(302, "/join/sent/")}
    run_jobs()
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects == {
        "nora@new.example": "Olga Owner invited you to Acme",
        reader.email: "You are a member of Acme already",
        "ivy@new.example": "Olga Owner invited you to Acme",
    }


def test_uses_are_counted_and_come_back_where_no_one_joined(acme, link, owner, visitor):
    for name in "ab":
        ask(acme, link, f"{name}@new.example")
    page = visitor.post(path(link), NORA).content.decode()
    assert "used as often as it may be" in page
    with within(acme):
        first, second = Invitation.objects.filter(email__endswith="@new.example")
        invitations.revoke(actor=owner, invitation=first)
        Invitation.objects.filter(pk=second.pk).update(accepted=timezone.now(), expires=timezone.now())
    ask(acme, link, "c@new.example")
    with pytest.raises(ValidationError):
        ask(acme, link, "d@new.example")


def test_twenty_at_once_use_a_link_for_three_three_times(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner = User.objects.get()
        link = links.make_link(actor=owner, role=Role.READER, days=1, most_uses=3)
        tries = [partial(links.ask_by_link, token=link.nonce, name="N", email=f"n{n}@new.example") for n in range(20)]
        results = at_once(initech, *tries)
        assert results.count(None) == 3
        assert {getattr(result, "code", None) for result in results if result} == {"used_up"}
        assert Invitation.objects.count() == Applicant.objects.count() == 3


@pytest.mark.parametrize("why", ["replaced", "switched off", "expired", "maker demoted", "maker removed", "next door"])
def test_a_link_that_has_ended_is_a_page_that_says_so(acme, globex, link, people, stranger, visitor, why):
    owner, admin = people["owner"], people["admin"]
    with within(acme):
        if why == "replaced":
            links.make_link(actor=admin, role=Role.READER, days=1)
        elif why == "switched off":
            links.end_link(actor=admin)
        elif why == "expired":
            Joining.objects.update(expires=timezone.now())
        elif why.startswith("maker"):
            Joining.objects.update(made_by=admin)
            act = partial(members.change_role, role=Role.READER) if why == "maker demoted" else members.remove
            act(actor=owner, member=admin)
    if why == "next door":
        with within(globex):
            link = links.make_link(actor=stranger, role=Role.READER, days=1)
    for response in (visitor.get(path(link)), visitor.post(path(link), NORA)):
        assert response.status_code == 410
        assert "This link no longer works" in response.content.decode()
    with within(acme):
        assert not Applicant.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "%00", "ß" * 50, "a" * 4000, "sent%2f"])
def test_odd_links_are_dead(acme, link, visitor, token):
    with within(acme):
        links.end_link(actor=User.objects.get(username="owner"))  # "" is no link
    assert visitor.get(f"/join/{token}/").status_code in {404, 410}


def test_only_addresses_of_the_domains_join(acme, owner, as_user, visitor):
    form = {"role": "reader", "days": "1", "most_uses": "", "domains": "New.example, @bücher.example"}
    answer = as_user(owner).post("/settings/joining/link/", form)
    assert answer.url.startswith("/account/reauthenticate/"), "a stolen session lets no stranger in"
    as_user(owner).give_password().post("/settings/joining/link/", form)
    with within(acme):
        link = Joining.load()
    assert link.allowed_domains == ["new.example", "xn--bcher-kva.example"]
    response = visitor.post(path(link), NORA | {"email": "nora@sub.new.example"})
    assert (
        "end with \u2066@new.example\u2069 or \u2066@xn--bcher-kva.example\u2069"
        in response.context["form"].errors["email"][0]
    )
    assert visitor.post(path(link), NORA).status_code == 302


def test_a_new_organisation_says_that_it_cannot_send_more_mail(acme, owner, visitor):
    with within(acme):
        link = links.make_link(actor=owner, role=Role.READER, days=1)
    for number in range(3):
        ask(acme, link, f"n{number}@new.example")
    response = visitor.post(path(link), NORA)
    [words] = response.context["form"].non_field_errors()
    assert words.startswith("Acme can send you an email as soon as one of its owners has confirmed their own")
    with within(acme):
        assert OutgoingMail.objects.filter(to__endswith="@new.example").count() == 3


@pytest.mark.parametrize(
    ("limit", "whose", "words"),
    [
        ("invite_first_day", "organisation", "Acme is new, and its invitations for the first day are used up."),
        ("invite", "mailbox", "This mailbox has got as many invitations as it may within a day."),
    ],
)
def test_a_visitor_is_told_when_there_is_mail_again(acme, link, visitor, settings, limit, whose, words):
    settings.LIMITS = settings.LIMITS | {limit: {whose: (1, 86_400)}}
    with public():
        Tenant.objects.filter(pk=acme.pk).update(activated=timezone.now())
    take(limit, Rate(1, 86_400), whose, acme.schema_name if whose == "organisation" else NORA["email"])
    response = visitor.post(path(link), NORA)
    assert response.context["form"].non_field_errors() == [f"{words} Try again in 24 hours."]


def test_a_visitor_is_told_that_others_have_refused_mail(acme, link, visitor, settings):
    settings.REFUSALS_MOST = 0
    [words] = visitor.post(path(link), NORA).context["form"].non_field_errors()
    assert words.startswith("Acme sends no invitations for now: several people have told us that they do not know it.")


def test_no_link_makes_managers_and_only_managers_make_links(acme, admin, owner, editor):
    with within(acme):
        for actor, role in ((owner, Role.OWNER), (owner, Role.ADMIN), (editor, Role.READER)):
            with pytest.raises(PermissionDenied):
                links.make_link(actor=actor, role=role, days=1)
        with pytest.raises(PermissionDenied):
            links.end_link(actor=editor)
        links.make_link(actor=admin, role=Role.EDITOR, days=1)
        with pytest.raises(IntegrityError):
            Joining.objects.update(role=Role.ADMIN)


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "admin"), ("days", "91"), ("most_uses", "0"), ("domains", "no domain"), ("domains", "localhost")],
)
def test_what_a_link_cannot_have_is_refused_in_the_form(acme, owner, as_user, field, value):
    form = {"role": "reader", "days": "1", "most_uses": "", "domains": ""} | {field: value}
    assert field in as_user(owner).post("/settings/joining/link/", form).context["form"].errors
    with within(acme):
        assert Joining.load().nonce == ""


def test_the_form_speaks_the_language_of_its_reader(acme, owner, as_user):
    with within(acme):
        User.objects.filter(pk=owner.pk).update(language="de")
    assert "7 Tage" in as_user(owner).get("/settings/joining/link/").content.decode()


def test_the_page_of_the_link_shows_it_with_a_code_to_scan(link, owner, as_user):
    page = as_user(owner).get("/settings/joining/").content.decode()
    assert link.nonce in page
    assert "data:image/svg+xml;base64," in page
    assert "0 of 2" in page


def test_link_used_while_its_maker_is_removed_no_longer_works(new_tenant):
    initech = new_tenant("initech")
    with within(initech):
        owner, admin = User.objects.get(), User.objects.create_user("adam", role=Role.ADMIN)
        link = links.make_link(actor=admin, role=Role.READER, days=7)
        use = partial(links.ask_by_link, token=link.nonce, **NORA)
        result = meet(initech, admin, use, partial(members.remove, actor=owner, member=admin))
        assert isinstance(result, Joining.DoesNotExist)
        assert not Invitation.objects.exists()
