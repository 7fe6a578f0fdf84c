"""The end of invitations: nothing is left of one that was closed, or that expired, long ago."""

from django.db.models import Exists, OuterRef, Q

from profiles.models import Invitation, User
from tenants.cleaning import delete_in_batches, kept_since, nightly


@nightly
def end_invitations() -> int:
    """Delete invitations that were accepted or revoked, or that expired, before KEPT_DAYS."""
    since = kept_since("invitations")
    return delete_in_batches(
        Invitation.objects.filter(Q(accepted__lt=since) | Q(revoked__lt=since) | Q(expires__lt=since))
    )


@nightly
def end_invitations_of_former_members() -> int:
    """Delete accepted invitations to addresses of no member: the people were removed, have left, or use another one."""
    present = User.objects.filter(email=OuterRef("email"))
    return delete_in_batches(Invitation.objects.filter(~Exists(present), accepted__isnull=False))
