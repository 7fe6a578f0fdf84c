"""How long an organisation's entries are kept."""

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.allowances import allowance
from tenants.context import required


def kept_days() -> int:
    """For the current organisation: what a function of the product says, or its plan, or AUDIT_KEPT_DAYS."""
    own = import_string(settings.AUDIT_KEPT_DAYS_OF)(required()) if settings.AUDIT_KEPT_DAYS_OF else None
    if own is None:
        own = allowance("audit_days")
    return settings.AUDIT_KEPT_DAYS if own is None else int(own)
