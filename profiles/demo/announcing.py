"""What `make run` prints about the demo."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from profiles.demo.people import ORGANISATIONS
from tenants.models import Tenant


def announce(base: str) -> list[tuple[str, str]]:
    """Lines with each organisation that still exists, its people and their password; `base` is the public site."""
    slugs = set(Tenant.objects.values_list("slug", flat=True))
    connections.close_all()
    lines = []
    for organisation in ORGANISATIONS:
        if organisation.slug in slugs:
            place = urlsplit(base)
            lines.append((organisation.name, f"{place.scheme}://{organisation.slug}.{place.netloc}/"))
            lines.append(("", ", ".join(organisation.email_of(person) for person in organisation.people)))
    return [*lines, ("Password", settings.DEMO_PASSWORD)]
