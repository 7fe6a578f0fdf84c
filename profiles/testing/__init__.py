"""What tests import, also those of a product's own apps (docs/testing.md); fixtures need no import."""

from profiles.testing.installed import needs
from profiles.testing.jobs import drop_jobs, queued_jobs
from profiles.testing.world import PASSWORD, SiteClient, make_people, make_rows, new_organisation, person

__all__ = [
    "PASSWORD",
    "SiteClient",
    "drop_jobs",
    "make_people",
    "make_rows",
    "needs",
    "new_organisation",
    "person",
    "queued_jobs",
]
