"""The directory of organisations, in `public`: Tenant and Domain."""

import json
import re
import secrets
import string
from collections.abc import Callable, Iterable
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Cast, Lower, Replace
from django.db.models.lookups import Regex
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from shared.checked import check_values, not_possible
from shared.names import no_address
from tenants.addresses import slugs
from tenants.current import public
from tenants.fingerprint import code_fingerprint
from tenants.limits.models import Limit  # noqa: F401  Django looks for models here
from tenants.once.models import Done  # noqa: F401  the same

TEMPLATE_SCHEMA = "tenant_template"
# The text of {"phone": "self", "location": "managers"}.
AUDIENCES = r'^\{("[a-z_]+": "(everyone|managers|self)"(, )?)*\}$'
ACCENT = r"^(#[0-9a-f]{6})?$"
SCHEMA_NAME = rf"^(t_[a-z0-9]{{12,}}|{TEMPLATE_SCHEMA})$"
ALPHABET = string.ascii_lowercase + string.digits


# Fields that save() validates.
CHECKED = ("name", "slug", "language", "accent", "sign_in_text", "suspension", "support_access", "audiences")
# What the table's constraints refuse too.
RULES: dict[str, Callable[[Any], Any]] = {
    "accent": re.compile(ACCENT).fullmatch,
    "audiences": lambda value: isinstance(value, dict) and re.fullmatch(AUDIENCES, json.dumps(value)),
}


def random_schema_name() -> str:
    """A new schema's name: `t_` and 16 random letters and digits. A name is never reused."""
    return "t_" + "".join(secrets.choice(ALPHABET) for _ in range(16))


class TenantQuerySet(models.QuerySet["Tenant"]):
    def active(self) -> Self:
        """Those that people work in: no sandboxes."""
        return self.filter(state=Tenant.State.ACTIVE, is_sandbox=False)

    def spare(self) -> Self:
        """Spare tenants that this code can serve, so that sign-ups may claim them."""
        return self.complete().filter(state=Tenant.State.SPARE)

    def complete(self) -> Self:
        """Tenants that this code can serve: Tenant.is_complete."""
        state = code_fingerprint()
        here = models.Q(fingerprint=state) | models.Q(also_served_by__contains=[state])
        return self.filter(here).exclude(fingerprint="")

    def standing(self) -> Self:
        """Tenants that have a schema: all but those that are being removed or have been removed."""
        return self.exclude(state__in=Tenant.GONE)

    def behind(self, template: "Tenant") -> Self:
        """Tenants whose schema is not at the template's state: `migrate` brings them there."""
        return self.standing().exclude(pk=template.pk).exclude(fingerprint=template.fingerprint).order_by("pk")

    def organisations(self) -> Self:
        """Those that have people: active or suspended."""
        return self.filter(state__in=[Tenant.State.ACTIVE, Tenant.State.SUSPENDED])

    def template(self) -> "Tenant":
        """The tenant that all others are copies of. Raises Tenant.DoesNotExist before the first `migrate`."""
        return self.get(state=Tenant.State.TEMPLATE)


class Tenant(TenantMixin):
    """An organisation, a spare or the template: its address, and the schema that holds its data."""

    class State(models.TextChoices):
        TEMPLATE = "template"
        SPARE = "spare"
        ACTIVE = "active"
        SUSPENDED = "suspended"
        LEAVING = "leaving"
        REMOVED = "removed"

    class SupportAccess(models.TextChoices):
        OFF = "off", _("Never")
        ASK = "ask", _("If an owner allows it each time")
        ON = "on", _("Whenever they have a reason")

    # No request reaches these: the removal has begun or is complete, and the row only keeps the address
    # (tenants/organisations/remove.py).
    GONE = (State.LEAVING, State.REMOVED)

    auto_create_schema = False

    schema_name = models.CharField(
        max_length=63,
        unique=True,
        editable=False,
        default=random_schema_name,
        validators=[RegexValidator(SCHEMA_NAME)],
    )
    name = models.CharField(max_length=100, blank=True, validators=[no_address])
    # NULL for spares, since several rows may be NULL.
    slug = models.CharField(
        max_length=63,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(slugs.LABEL, "This cannot be part of a host name.")],
    )
    # What it looks like (tenants/addresses/slugs.py): unique too, so that "g1obex" cannot be taken beside "globex".
    slug_skeleton = models.CharField(max_length=63, unique=True, null=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SPARE, db_index=True)
    # Hash of the migrations that the schema has seen (tenants/fingerprint.py); empty while that is unknown.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # The language of members who have not chosen one, a code of LANGUAGES; "" stands for their browser's.
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
    # Fingerprints of older code that can also serve this schema (tenants/schemas/migrating/gaps.py).
    also_served_by = models.JSONField(default=list, db_default=[], editable=False)
    logo = models.FileField(blank=True, upload_to="logo")
    # Instead of the other on pages with dark colours; not without it.
    logo_dark = models.FileField(blank=True, default="", db_default="", upload_to="logo")
    # The chosen colour, "#rrggbb"; pages show a corrected one (shared/colours.py). "" stands for the product's.
    accent = models.CharField(max_length=7, blank=True, default="", db_default="")
    sign_in_text = models.CharField(max_length=300, blank=True, default="", db_default="")
    # An owner has hidden the first steps (profiles/organisation/first_steps.py).
    first_steps_dismissed = models.BooleanField(default=False, db_default=False)
    # Its members are the operators of this installation: only its host has the console (config/operator_urls.py).
    is_operators = models.BooleanField(default=False, db_default=False, editable=False)
    # While it is suspended: what its people read on every page.
    suspension = models.CharField(max_length=300, blank=True, default="", db_default="")
    # May operators sign in as one of its members? It is a fact of the directory: with a former state of its schema,
    # an organisation must not get a former consent back.
    support_access = models.CharField(
        max_length=3, choices=SupportAccess.choices, default=SupportAccess.OFF, db_default=SupportAccess.OFF
    )
    # By field of members' profiles, the most who may see it. "everyone" where there is none.
    audiences = models.JSONField(default=dict, db_default={}, blank=True)
    # A copy of another organisation, to look at or to try things in: no mail and no job leaves it (tenants/tasks.py).
    is_sandbox = models.BooleanField(default=False, db_default=False, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    activated = models.DateTimeField(null=True, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["template", "spare"], slug=None)
                | models.Q(state__in=["active", "suspended", "leaving", "removed"], slug__isnull=False),
                name="tenant_slug_when_claimed",
            ),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="template"), name="tenant_one_template"),
            models.UniqueConstraint(
                fields=["is_operators"], condition=models.Q(is_operators=True), name="tenant_one_of_operators"
            ),
            models.CheckConstraint(
                condition=models.Q(support_access__in=["off", "ask", "on"]), name="tenant_support_access_known"
            ),
            models.CheckConstraint(condition=models.Q(schema_name__regex=SCHEMA_NAME), name="tenant_schema_name_ours"),
            models.CheckConstraint(condition=models.Q(slug__regex=slugs.LABEL), name="tenant_slug_is_label"),
            models.CheckConstraint(condition=models.Q(accent__regex=ACCENT), name="tenant_accent_is_colour"),
            models.CheckConstraint(
                condition=Regex(Cast("audiences", models.TextField()), AUDIENCES), name="tenant_audiences_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.schema_name

    def __enter__(self) -> None:
        raise TypeError("`with tenant:` is shared between threads. Use `with within(tenant):` (tenants.context).")

    @property
    def is_complete(self) -> bool:
        """Is the schema at the state of this code, or ahead of it only by compatible migrations? Only then does this
        code serve its pages, run its jobs and make copies of it.
        """
        return self.fingerprint != "" and code_fingerprint() in (self.fingerprint, *self.also_served_by)

    @cached_property
    def domain(self) -> str:
        """The canonical host name, which links in mails and redirects use.

        It is the primary domain, or the oldest if the primary one was deleted. Raises Domain.DoesNotExist if there is
        no domain.
        """
        with public():
            domain = self.domains.order_by("-is_primary", "pk").first()
        if domain is None:
            raise Domain.DoesNotExist(f"{self.schema_name} has no domain.")
        return domain.domain

    def widest(self, field: str) -> str:
        """The most who may see this field of members' profiles (profiles.roles.Audience)."""
        return self.audiences.get(field, "everyone")

    def url(self, path: str = "/") -> str:
        """The absolute address of a path on this organisation's canonical host."""
        base = urlsplit(settings.BASE_URL)
        port = f":{base.port}" if base.port else ""
        return f"{base.scheme}://{self.domain}{port}{path}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As in django-tenants. Raises ValueError if the schema's name was changed, and ValidationError for values that
        cannot be stored.
        """
        self.check_values(kwargs.get("update_fields"))
        if not self._state.adding and not Tenant.objects.filter(pk=self.pk, schema_name=self.schema_name).exists():
            raise ValueError(
                f"Tenant {self.pk} is not the one of {self.schema_name}: a schema keeps its name for ever."
            )
        super().save(*args, **kwargs)

    def check_values(self, only: Iterable[str] | None = None) -> None:
        """Raises ValidationError, by field."""
        check_values(self, CHECKED, only)
        for field in (set(RULES) if only is None else set(RULES) & set(only)) - self.get_deferred_fields():
            if not RULES[field](getattr(self, field)):
                raise not_possible(self, field)

    def _drop_schema(self, force_drop: bool = False) -> None:
        if force_drop:
            raise NotImplementedError(
                "A schema goes with its role: see tenants.organisations.remove.remove(), and discard() of "
                "tenants.schemas.spares."
            )

    def create_schema(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            "A tenant's schema is a copy of the template: see tenants.schemas.spares.make_spare()."
        )


# tenants.addresses.slugs.skeleton() of a host name's first label, in SQL, so that an index can serve look-ups by it.
_LABEL = models.Func(
    "domain", models.Value("."), models.Value(1), function="split_part", output_field=models.CharField()
)
_LETTERS = models.Func(_LABEL, models.Value("01i-"), models.Value("oll"), function="translate")
LOOKS = Replace(Replace(_LETTERS, models.Value("rn"), models.Value("m")), models.Value("vv"), models.Value("w"))


class DomainQuerySet(models.QuerySet["Domain"]):
    def looking_like(self, slug: str) -> Self:
        """Present and former addresses of organisations that look like this slug."""
        ours = self.filter(domain__endswith=f".{settings.BASE_DOMAIN}")
        return ours.alias(looks=LOOKS).filter(looks=slugs.skeleton(slug))


class Domain(DomainMixin):
    """A host name that leads to an organisation. The primary one is canonical; the others redirect to it."""

    objects = DomainQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(LOOKS, name="domain_by_looks")]
        constraints = [
            models.UniqueConstraint(fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary"),
            # Hosts are looked up in lower case, so a domain in any other spelling would never match.
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="domain_lower_case"),
        ]
