"""The type of the request that operations get."""

from profiles.api.models import Token
from profiles.requests import MemberRequest
from tenants.models import Tenant


class ApiRequest(MemberRequest):
    """A request with a token: its `user` is the token's member."""

    token: Token
    acts_via: str  # for events: the token's name
    acts_as: str  # for events: the kind of actor, if it is not the token's member
    tenant: Tenant | None
