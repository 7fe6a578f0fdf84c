"""Prints what was deleted with an organisation, and when."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.forms.models import model_to_dict

from profiles.leaving.models import Certificate
from tenants.context import public


class Command(BaseCommand):
    help = "Prints what was deleted with an organisation, and when, as JSON. It names no person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", metavar="SLUG", help="The slug that it had, or its schema name.")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["organisation"]
        with public():
            found = list(Certificate.objects.filter(Q(slug=name) | Q(schema_name=name)).order_by("pk"))
        if not found:
            raise CommandError(f"No organisation {name!r} was removed since certificates are kept.")
        for certificate in found:
            values = model_to_dict(certificate, exclude=["id"])
            self.stdout.write(json.dumps(values, indent=2, default=lambda when: when.isoformat(timespec="seconds")))
