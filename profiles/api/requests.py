"""The request that operations get, for their annotations."""

from profiles.api.models import Token
from profiles.requests import MemberRequest
from tenants.models import Tenant


class ApiRequest(MemberRequest):
    """A request with a token: its `user` is the token's member."""

    token: Token
    acts_via: str  # what events say of it: the token's name
    tenant: Tenant | None
