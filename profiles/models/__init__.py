"""People inside one organisation, and what belongs to them."""

from profiles.models.hand_off import HandOff
from profiles.models.invitation import Invitation
from profiles.models.outgoing_mail import OutgoingMail
from profiles.models.profile import NoGroupObjectPermission, Profile, ProfileUserObjectPermission
from profiles.models.refusal import Refusal
from profiles.models.session import Session
from profiles.models.user import User

__all__ = [
    "HandOff",
    "Invitation",
    "NoGroupObjectPermission",
    "OutgoingMail",
    "Profile",
    "ProfileUserObjectPermission",
    "Refusal",
    "Session",
    "User",
]
