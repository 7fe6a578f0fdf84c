"""The directory of organisations, in `public`: Tenant and Domain."""

import secrets
import string
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django_tenants.models import DomainMixin, TenantMixin

from tenants import context
from tenants.fingerprint import code_fingerprint

TEMPLATE_SCHEMA = "tenant_template"
ALPHABET = string.ascii_lowercase + string.digits


def random_schema_name() -> str:
    """A new schema's name: `t_` and 16 random letters and digits. Nobody types it, and it is never used again."""
    return "t_" + "".join(secrets.choice(ALPHABET) for _ in range(16))


class TenantQuerySet(models.QuerySet["Tenant"]):
    def active(self) -> Self:
        return self.filter(state=Tenant.State.ACTIVE)

    def spare(self) -> Self:
        """Tenants made ahead that are at the state of this code, so that they may be handed out."""
        return self.filter(state=Tenant.State.SPARE, fingerprint=code_fingerprint())

    def behind(self) -> Self:
        """Tenants whose schema is not at the state of this code: `migrate` brings them there."""
        return self.exclude(state=Tenant.State.TEMPLATE).exclude(fingerprint=code_fingerprint())

    def template(self) -> "Tenant":
        """The tenant that all others are copies of. Raises Tenant.DoesNotExist before the first `migrate`."""
        return self.get(state=Tenant.State.TEMPLATE)


class Tenant(TenantMixin):
    """An organisation, or one in the making: its address, and the schema that holds its data."""

    class State(models.TextChoices):
        TEMPLATE = "template"
        SPARE = "spare"
        ACTIVE = "active"
        SUSPENDED = "suspended"

    auto_create_schema = False

    schema_name = models.CharField(
        max_length=63,
        unique=True,
        editable=False,
        default=random_schema_name,
        validators=[RegexValidator(rf"^(t_[a-z0-9]{{12,}}|{TEMPLATE_SCHEMA})$")],
    )
    name = models.CharField(max_length=100, blank=True)
    slug = models.CharField(max_length=63, unique=True, null=True)  # noqa: DJ001  spares have none, and share it
    # What the slug looks like (tenants/slugs.py): unique too, so that "g1obex" cannot be taken beside "globex".
    slug_skeleton = models.CharField(max_length=63, unique=True, null=True, editable=False)  # noqa: DJ001  as above
    state = models.CharField(max_length=10, choices=State.choices, default=State.SPARE, db_index=True)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    logo = models.FileField(blank=True, upload_to="logo")
    created = models.DateTimeField(auto_now_add=True)
    activated = models.DateTimeField(null=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["template", "spare"], slug=None)
                | models.Q(state__in=["active", "suspended"], slug__isnull=False),
                name="tenant_slug_when_claimed",
            ),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="template"), name="tenant_one_template"),
        ]

    def __str__(self) -> str:
        return self.name or self.schema_name

    def __enter__(self) -> None:
        raise TypeError("`with tenant:` is shared between threads. Use `with within(tenant):` (tenants.context).")

    @property
    def is_complete(self) -> bool:
        """Is the schema at the state of this code? Only then are its pages served."""
        return self.fingerprint == code_fingerprint()

    @cached_property
    def domain(self) -> str:
        """The host name that is canonical: links in mails and redirects use it, whatever host a request came to."""
        with context.public():
            return self.domains.get(is_primary=True).domain  # type: ignore[attr-defined]

    def url(self, path: str = "/") -> str:
        """The absolute address of a path on this organisation's canonical host."""
        base = urlsplit(settings.BASE_URL)
        port = f":{base.port}" if base.port else ""
        return f"{base.scheme}://{self.domain}{port}{path}"

    def create_schema(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError("A tenant's schema is a copy of the template: see tenants.spares.make_spare().")


class Domain(DomainMixin):
    """A host name that leads to an organisation. The primary one is canonical; the others redirect to it."""
