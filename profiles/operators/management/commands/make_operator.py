"""Makes an owner of the operators' organisation."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.operators.making import make_operator
from tenants.errors import AddressTaken


class Command(BaseCommand):
    help = (
        "Makes an owner of the operators' organisation, whose members have the console; the first time, the "
        "organisation too. Prints a link that signs the owner in once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="The owner's email address.")

    def handle(self, *args: Any, email: str, **options: Any) -> str:
        try:
            url = make_operator(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is no email address.") from error
        except AddressTaken as error:
            raise CommandError(
                f"Another organisation has the address {settings.OPERATORS_SLUG!r}, or one that looks like it. Choose "
                "another one: set OPERATORS_SLUG."
            ) from error
        return (
            f"Open this link within {settings.HAND_OFF_SECONDS} seconds. Then set a password and turn on two-factor "
            f"sign-in:\n{url}"
        )
