"""What tests import, those of a product's own apps too (docs/testing.md); fixtures come by themselves."""

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
