"""What tests ask of the entries as they are stored."""

from allauth.account.models import EmailConfirmation
from django.apps import apps
from django.db import connection

from profiles.models import Invitation, Session, User
from tenants.context import within
from tenants.models import Tenant


def written(tenant: Tenant) -> str:
    """All entries, with all their columns."""
    with within(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(audit_entry::text, ' '), '') FROM audit_entry")
        return cursor.fetchone()[0]


def secrets(tenant: Tenant) -> set[str]:
    """What other tables of the organisation hold, and no entry may."""
    with within(tenant):
        columns = [(User, "password"), (Invitation, "nonce"), (Session, "session_key"), (EmailConfirmation, "key")]
        values = {value for model, name in columns for value in model._default_manager.values_list(name, flat=True)}
        if apps.is_installed("allauth.mfa"):
            factors = apps.get_model("mfa", "Authenticator").objects.all()
            values |= {row.data[name] for row in factors for name in ("secret", "seed") if name in row.data}
        return values
