"""All addresses of the product, and of each that holds a secret one that is good."""

from collections.abc import Iterator
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from profiles.mail import refusals
from profiles.models import HandOff, Invitation, User
from profiles.testing import facts
from shared.secret_paths import secrets_of

SITES = ("config.operator_urls", "config.public_urls")


def addresses(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else ""
            yield from addresses(each.url_patterns, namespace + inner)
        else:
            yield f"{namespace}{each.name}", each


def all_addresses() -> list[tuple[str, URLPattern]]:
    return [each for site in SITES for each in addresses(get_resolver(site).url_patterns)]


def good_links(owner: User, reader: User) -> dict[str, str]:
    """The path of each address with a secret, with one that is good in the current organisation."""
    address = EmailAddress.objects.create(user=reader, email="rita@new.example")
    confirmation = EmailConfirmation.create(address)
    confirmation.sent = timezone.now()
    confirmation.save()
    secrets: dict[str, list[str]] = {
        "accept_invitation": [Invitation.objects.create(email="nora@new.example", invited_by=owner).token],
        "refuse_mail": [refusals.token("nora@new.example")],
        "allow_mail": [refusals.token("nora@new.example")],
        "hand_off": [HandOff.objects.create(user=reader).path.split("/")[-2]],
        "account_confirm_email": [confirmation.key],
        "account_reset_password_from_key": [user_pk_to_url_str(reader), default_token_generator.make_token(reader)],
    }
    people = {"owner": owner, "reader": reader}
    for pages in facts.pages():
        secrets |= pages.secrets(people) if hasattr(pages, "secrets") else {}
    with_secrets = {name for name, pattern in all_addresses() if next(secrets_of(pattern), None)}
    tried_elsewhere = {name for pages in facts.pages() for name in getattr(pages, "SIGNED", {})}
    assert set(secrets) == with_secrets - tried_elsewhere
    return {name: link_of(name, args) for name, args in secrets.items()}


def link_of(name: str, args: list[str]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse(name, args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)
