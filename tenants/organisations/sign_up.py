"""Creating an organisation: sign_up()."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from shared.emails import canonical_email
from shared.lists import any_of
from shared.storable import check_storable
from shared.text import one_line
from tenants.addresses import slugs
from tenants.context import public, within
from tenants.errors import AddressTaken, NoSpare, RoleRefused, SpareInUse
from tenants.models import Domain, Tenant
from tenants.once.doing import note
from tenants.schemas.spares import claim_spare, set_aside, wait_for_spare

# How often a sign-up starts again on another connection, on which the server may know the spare's role.
RENEWALS = 3


@dataclass(frozen=True)
class SignedUp:
    """A new organisation, and the one-time address that signs its owner in."""

    tenant: Tenant
    url: str


@sensitive_variables("password", "hashed")
def sign_up(
    *, organisation: str, slug: str, name: str, email: str, password: str | None, once: bytes | None = None
) -> SignedUp:
    """Create an organisation with its domain and its owner, in one transaction. Without a password, the owner sets one
    by mail: "Forgot your password?" on the sign-in page.

    Raises ValidationError, by field, for values that cannot be stored. Raises ValidationError with the code "taken" if
    another organisation has the slug or one that looks like it; check_slug() also refuses slugs that look like a former
    address. Raises NoSpare if no spare is made within SIGN_UP_SECONDS; where no worker runs, call
    tenants.schemas.spares.make_spare() first. The function that the setting TENANT_OWNER names creates the owner. It
    returns the path of the owner's first page, or raises SpareInUse if the spare has members already.
    """
    values = checked(organisation=organisation, slug=slug, name=name, email=email, password=password)
    hashed = make_password(password)  # Before the transaction: hashing takes longer than everything else.
    try:
        return make_organisation(
            name=values["organisation"],
            slug=slug,
            owner={"name": values["name"], "email": values["email"], "password_hash": hashed},
            also=lambda made: note(once, made.url),
        )
    except AddressTaken as error:
        raise taken(slug) from error


@sensitive_variables("owner")
def make_organisation(*, name: str, slug: str, owner: dict[str, Any], also: Callable[[SignedUp], None]) -> SignedUp:
    """Make a spare an organisation with this owner, in one transaction, in which `also` is called too.

    Checks no value. Raises AddressTaken and NoSpare. If the spare cannot be used, it tries another one.
    """
    make_owner = import_string(settings.TENANT_OWNER)
    deadline, renewals = time.monotonic() + settings.SIGN_UP_SECONDS, 0
    while True:
        try:
            with public(), transaction.atomic():
                tenant = claim_spare(name=name, slug=slug, domain=domain_of(slug))
                with within(tenant):
                    path = make_owner(**owner)
                also(made := SignedUp(tenant, tenant.url(path)))
                return made
        except SpareInUse:
            set_aside(tenant)
        except RoleRefused:
            renewals += 1
            if renewals > RENEWALS or not connection.renew():  # type: ignore[attr-defined]  # of tenants.backend
                raise
        except NoSpare:
            wait_for_spare(deadline)


@sensitive_variables("given")
def checked(**given: Any) -> dict[str, Any]:
    """The given values in the form in which they are stored. Raises ValidationError, by field, with all errors."""
    values, errors = {}, {}
    for field, rule in RULES.items():
        try:
            values[field] = rule(given[field])
        except ValidationError as error:
            errors[field] = error
    if errors:
        raise ValidationError(errors)
    return values


def valid_slug(slug: str) -> str:
    """Does not check whether the slug is taken: the claim does, and would have to in any case."""
    slugs.validate(slug)
    return slug


def valid_password(password: str | None) -> str | None:
    """Does not check its strength: forms do, which know the person. Scripts may pass weak passwords, or none."""
    if password == "":
        raise ValidationError(_("Enter a password."), code="required")
    check_storable(password)
    return password


RULES: dict[str, Callable[[Any], Any]] = {
    "organisation": partial(one_line, longest=100),
    "slug": valid_slug,
    "name": partial(one_line, longest=150),
    "email": canonical_email,
    "password": valid_password,
}


def domain_of(slug: str) -> str:
    """The host name of a slug."""
    return f"{slug}.{settings.BASE_DOMAIN}"


def is_taken(slug: str, *, by_other_than: Tenant | None = None) -> bool:
    """Does or did an organisation other than `by_other_than` have this slug, or one that looks like it?"""
    own = by_other_than.pk if by_other_than else None
    with public():
        return (
            Tenant.objects.filter(slug_skeleton=slugs.skeleton(slug)).exclude(pk=own).exists()
            or Domain.objects.looking_like(slug).exclude(tenant=own).exists()
        )


def free_slug(organisation: str) -> str:
    """An available slug similar to an organisation's name, or "" if there is none."""
    proposal = slugs.propose(organisation)
    if not proposal or can_be_had(proposal):
        return proposal
    return next(iter(slugs.alternatives(proposal, is_taken, count=1)), "")


def can_be_had(slug: str) -> bool:
    try:
        check_slug(slug)
    except ValidationError:
        return False
    return True


def check_slug(slug: str, *, by_other_than: Tenant | None = None) -> None:
    """Raise ValidationError if a normalised slug is not available; with the code "taken" if it is taken."""
    slugs.validate(slug)
    if is_taken(slug, by_other_than=by_other_than):
        raise taken(slug)


def taken(slug: str) -> ValidationError:
    near = slugs.alternatives(slug, is_taken)
    if not near:
        return ValidationError(
            _("This address, or one that looks like it, is taken. Choose another one."), code="taken"
        )
    sentence = _("This address, or one that looks like it, is taken. These are available: %(addresses)s")
    return ValidationError(sentence, code="taken", params={"addresses": any_of(near)})
