"""The answer to a scrape."""

import os

from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tenants.metrics.serving import FOLDER
from tenants.metrics.state import State


def exposition() -> HttpResponse:
    """All figures: of this server's processes together, and of the installation."""
    ours = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(ours)
    else:
        ours.register(Ours())
    ours.register(State())
    response = HttpResponse(generate_latest(ours), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


class Ours:
    """A single process's figures, such as those of `manage.py runserver`."""

    def collect(self):
        return (family for family in REGISTRY.collect() if family.name.startswith("tenants_"))
