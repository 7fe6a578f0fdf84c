"""The end of invitations: nothing is left of one that was closed, or that expired, long ago."""

from django.db.models import Exists, OuterRef, Q

from profiles.models import Invitation, User
from tenants.cleaning import delete_in_batches, kept_since, nightly


@nightly
def end_invitations() -> int:
    """Delete invitations that were accepted or revoked, or that expired, before KEPT_DAYS; and at once those that were
    accepted with an address of no member: the people were removed, have left, or use another one.
    """
    since = kept_since("invitations")
    is_old = Q(accepted__lt=since) | Q(revoked__lt=since) | Q(expires__lt=since)
    is_of_member = Exists(User.objects.filter(email=OuterRef("email")))
    return delete_in_batches(Invitation.objects.filter(is_old | Q(~is_of_member, accepted__isnull=False)))
