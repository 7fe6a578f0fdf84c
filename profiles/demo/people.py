"""The people of the demo."""

from dataclasses import dataclass
from datetime import date

from profiles.demo.portraits import Looks
from profiles.roles import Role


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member in the demo. The role is also the username."""

    role: Role
    name: str
    bio: str
    location: str
    time_zone: str
    pronouns: str = ""
    birth_date: date | None = None
    phone: str = ""
    looks: Looks | None = None


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An organisation of the demo. The first of its people is the owner."""

    slug: str
    name: str
    people: tuple[Person, ...]

    def email_of(self, person: Person) -> str:
        return f"{person.role}@{self.slug}.example"


ACME = Organisation(
    slug="acme",
    name="Acme Rockets",
    people=(
        Person(
            role=Role.OWNER,
            name="Marta Holm",
            bio="Founded Acme in a garage that had no roof, which helped.\n\nAsk me anything.",
            location="Copenhagen",
            time_zone="Europe/Copenhagen",
            pronouns="she/her",
            birth_date=date(1979, 5, 14),
            phone="+45 32 12 34 56",
            looks=Looks("#3d6b5c", "#e9c4a0", "#5a3825"),
        ),
        Person(
            role=Role.ADMIN,
            name="Tomás Rivera",
            bio="Keeps the lights on and the doors open. If you cannot get in, write to me.",
            location="Valencia",
            time_zone="Europe/Madrid",
            pronouns="he/him",
        ),
        Person(
            role=Role.EDITOR,
            name="Ivo Brandt",
            bio="Writes the flight log, and most of what you read here.",
            location="Leipzig",
            time_zone="Europe/Berlin",
            looks=Looks("#b9772f", "#f1d3b8", "#c9a227"),
        ),
        Person(
            role=Role.READER,
            name="Noor Aziz",
            bio="Propulsion. New since spring.",
            location="Lahore",
            time_zone="Asia/Karachi",
            pronouns="she/her",
        ),
    ),
)

GLOBEX = Organisation(
    slug="globex",
    name="Globex Gardens",
    people=(
        Person(
            role=Role.OWNER,
            name="Hana Sato",
            bio="Started with one roof in Kyoto. There are forty now.",
            location="Kyoto",
            time_zone="Asia/Tokyo",
            pronouns="she/her",
            birth_date=date(1984, 9, 2),
            looks=Looks("#7a4b6a", "#ecc9a5", "#1f1b1a"),
        ),
        Person(
            role=Role.ADMIN,
            name="Samuel Okoro",
            bio="Schedules, suppliers, secateurs.",
            location="Lagos",
            time_zone="Africa/Lagos",
            pronouns="he/him",
        ),
        Person(
            role=Role.EDITOR,
            name="Claire Dubois",
            bio="Plant lists, and the words between them.",
            location="Lyon",
            time_zone="Europe/Paris",
        ),
        Person(
            role=Role.READER,
            name="Pavel Novák",
            bio="Waters what the others plant.",
            location="Brno",
            time_zone="Europe/Prague",
            looks=Looks("#3f5d86", "#f0cfb4", "#8a8378"),
        ),
    ),
)

ORGANISATIONS = (ACME, GLOBEX)
