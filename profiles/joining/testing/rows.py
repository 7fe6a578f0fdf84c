"""A row of each model of this app, for tests that need one of every model."""

from profiles.joining.links import make_link
from profiles.joining.models import Applicant, Joining
from profiles.models import User


def make(people: dict[str, User]) -> None:
    make_link(actor=people["owner"], role="reader", days=7, most_uses=5, domains="acme.example")
    Joining.objects.update(takes_requests=True)
    Applicant.objects.create(email="ned@new.example", name="Ned Nëw", message="☃ “quoted”\n\\n")
