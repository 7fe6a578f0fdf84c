"""Deletes old invitations that were closed or have expired."""

from django.db.models import Exists, OuterRef, Q

from profiles.models import Invitation, User
from tenants.cleaning import delete_in_batches, kept_since, nightly


@nightly
def end_invitations() -> int:
    """Delete invitations that were accepted or revoked or have expired more than KEPT_DAYS ago. Delete accepted ones at
    once if no member has the address: the person was removed, has left, or uses another address.
    """
    since = kept_since("invitations")
    is_old = Q(accepted__lt=since) | Q(revoked__lt=since) | Q(expires__lt=since)
    is_of_member = Exists(User.objects.filter(email=OuterRef("email")))
    return delete_in_batches(Invitation.objects.filter(is_old | Q(~is_of_member, accepted__isnull=False)))
