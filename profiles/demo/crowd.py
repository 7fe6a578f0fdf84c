"""Many members for an organisation of the demo, to see pages with much content."""

from itertools import count, islice, product

from django.core.management.base import CommandError

from profiles.demo.people import ORGANISATIONS
from profiles.models import Profile, User
from profiles.roles import Role
from tenants.context import public, within
from tenants.models import Tenant

# From many languages: short and long, with marks, from right to left, and without a last name.
FIRST = ("Ada", "Bảo", "Chinwe", "Dörte", "Émile", "Fatma", "Giovanni", "Hanna", "Íris", "Jun", "Katarzyna", "Łukasz")
LAST = (
    *(
        "Nguyễn",
        "Okafor",
        "O’Brien",
        "Müller-Lüdenscheidt",
        "Szczepański",
        "de la Fuente y Martínez",
        "Ek",
        "Þórsdóttir",
    ),
    *("Yıldırım", "Папазова", "عبد الرحمن", "山本", "Kapoor", "Ångström", "Smith", "van den Berg", "", "Katz"),
)
PLACES = ("Lisbon", "Ho Chi Minh City", "Lagos", "Reykjavík", "İzmir", "القاهرة", "京都", "Llanfairpwllgwyngyll", "")


def add_crowd(most: int) -> int:
    """Add members to the first organisation until it has so many. Returns how many are new. They cannot sign in.

    Raises CommandError if that organisation does not exist.
    """
    slug = ORGANISATIONS[0].slug
    with public():
        tenant = Tenant.objects.active().filter(slug=slug).first()
    if tenant is None:
        raise CommandError(f"There is no organisation {slug!r}.")
    with within(tenant):
        missing = max(0, most - User.objects.count())
        taken = set(User.objects.values_list("username", flat=True))
        names = (name for number in count(1) if (name := f"member-{number}") not in taken)
        people = User.objects.bulk_create(member(name, number) for number, name in enumerate(islice(names, missing)))
        settle(people)
    return len(people)


def member(username: str, number: int) -> User:
    """A member, always the same one for a number: every fifth is an editor, every twentieth is deactivated."""
    pairs = list(product(LAST, FIRST))
    last, first = pairs[number * 7 % len(pairs)]
    user = User(username=username, email=f"{username}@acme.example", first_name=first, last_name=last)
    user.role, user.is_active = Role.EDITOR if number % 5 == 4 else Role.READER, number % 20 != 19
    user.set_unusable_password()
    return user


def settle(people: list[User]) -> None:
    profiles = list(Profile.objects.filter(user__in=people).order_by("pk"))
    for number, profile in enumerate(profiles):
        profile.location = PLACES[number % len(PLACES)]
    Profile.objects.bulk_update(profiles, ["location"], batch_size=500)
