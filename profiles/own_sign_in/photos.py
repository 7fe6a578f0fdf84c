"""New members have the picture that the provider has of them, if an owner wishes it."""

import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from profiles.models import Profile
from profiles.own_sign_in.calls import caller
from profiles.own_sign_in.models import PICTURE_LENGTH, Identity, Provider
from profiles.pictures.keeping import keep_pictures, lock_photo
from profiles.pictures.sandbox import process

logger = logging.getLogger(__name__)


def picture(provider: Provider, claims: dict[str, Any]) -> str:
    """The address of the picture, or "" if there is none, or an owner does not wish it."""
    said = claims.get("picture") if provider.takes_photos else ""
    return said if isinstance(said, str) and len(said) <= PICTURE_LENGTH and said.isprintable() else ""


def take_over(member: int) -> None:
    """Fetch the picture, once. One that cannot be had, or is none, is left: the member can add a photo."""
    identity = Identity.objects.exclude(picture="").filter(member=member).first()
    provider = Provider.usable()
    if identity is None or provider is None:
        return
    Identity.objects.filter(member=member).update(picture="")
    try:
        found = fetched(provider, identity.picture)
        keep(member, process(found, max_bytes=settings.PHOTO_MAX_BYTES))
    except ValidationError as refusal:
        logger.info("The picture of a new member was not taken over: %s", refusal.code)


def fetched(provider: Provider, url: str) -> bytes:
    """Raises ValidationError. Members may enter this address at the provider. So it is a public one, or on its host."""
    is_there = urlsplit(url).netloc == urlsplit(provider.issuer).netloc
    return caller(is_provider=is_there).fetch(url, most=settings.PHOTO_MAX_BYTES, Accept="image/*")


@transaction.atomic
def keep(member: int, pictures: dict[int, bytes]) -> None:
    """Unless the member has added a photo meanwhile."""
    profile = Profile.objects.get(user=member)
    if not lock_photo(profile):
        keep_pictures(profile=profile, pictures=pictures)
