"""Two organisations to try things out in, each with a person in every role. For development only."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q

from profiles.demo.people import ORGANISATIONS, Organisation, Person
from profiles.demo.portraits import portrait
from profiles.models import HandOff, OutgoingMail, Profile, User
from profiles.pictures.keeping import set_photo
from profiles.roles import Role
from shared.capabilities import registry
from tenants.context import public, within
from tenants.models import Tenant
from tenants.organisations.sign_up import sign_up
from tenants.schemas.spares import make_spare


@transaction.atomic
def make_demo() -> bool:
    """Make the demo's organisations, both or none. Returns False if any organisation exists already."""
    with public():
        if Tenant.objects.filter(slug__isnull=False).exists():
            return False
    for organisation in ORGANISATIONS:
        make_organisation(organisation)
    return True


def make_organisation(organisation: Organisation) -> None:
    owner, *others = organisation.people
    make_spare()  # The worker that makes spares may not run yet.
    tenant = sign_up(
        organisation=organisation.name,
        slug=organisation.slug,
        name=owner.name,
        email=organisation.email_of(owner),
        password=settings.DEMO_PASSWORD,
    ).tenant
    with within(tenant):
        password = make_password(settings.DEMO_PASSWORD)
        for person in others:
            add(organisation, person, password)
        for person in organisation.people:
            introduce(person)
        registry.call("demo", tenant)
        # Everyone has the password and a verified address, so no mail is sent.
        EmailAddress.objects.update(verified=True)
        OutgoingMail.objects.all().delete()
        HandOff.objects.all().delete()


def add(organisation: Organisation, person: Person, password_hash: str) -> None:
    first, last = person.name.split()
    email = organisation.email_of(person)
    user = User(username=person.role, email=email, first_name=first, last_name=last, role=person.role)
    user.password = password_hash
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True)


def introduce(person: Person) -> None:
    """Fill in a profile."""
    profile = Profile.objects.get(user__username=person.role)
    for field in ("bio", "location", "time_zone", "pronouns", "birth_date", "phone"):
        setattr(profile, field, getattr(person, field))
    profile.save()
    if person.looks:
        set_photo(profile=profile, upload=portrait(person.looks))


def demo_people_remain() -> bool:
    """Whether any of the demo's people can still sign in with its password, which is public.

    Checks the demo's people in its organisations, even if those have another address by now.
    """
    return any(
        check_password(settings.DEMO_PASSWORD, encoded)
        for organisation in ORGANISATIONS
        for encoded in passwords(organisation)
    )


def refusal() -> str:
    """The reason why production must not start, or ""."""
    if demo_people_remain():
        return "Demo accounts with the demo's password are in this database. Start production with another one."
    return ""


def passwords(organisation: Organisation) -> Iterator[str]:
    """The password hashes of the demo's people who can sign in."""
    emails = [organisation.email_of(person) for person in organisation.people]
    named = Q(slug=organisation.slug) | Q(domains__domain__startswith=f"{organisation.slug}.")
    with public():
        tenants = list(Tenant.objects.standing().filter(named).distinct())
    for tenant in tenants:
        with within(tenant):
            people = User.objects.active().filter(Q(email__in=emails) | Q(username__in=Role.values))
            yield from list(people.values_list("password", flat=True))
