"""How long an organisation's entries are kept."""

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.allowances import allowance
from tenants.context import required


def kept_days() -> int:
    """For the current organisation: what a function of the product says, or its plan, or AUDIT_KEPT_DAYS."""
    own = import_string(settings.AUDIT_KEPT_DAYS_OF)(required()) if settings.AUDIT_KEPT_DAYS_OF else None
    days = allowance("audit_days") if own is None else own
    return settings.AUDIT_KEPT_DAYS if days is None else int(days)
