"""A user as SCIM knows it, with the attributes that members have here, and what the service says of itself."""

from typing import Annotated, Any

from django.conf import settings
from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ComplexAttribute,
    ETag,
    ExtensibleStringEnum,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

# Entra ID and Okta send attributes that members do not have here, which are ignored; and Entra ID describes in a path
# what is to be made or removed.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Name(ComplexAttribute):
    given_name: str | None = None
    """The first name."""

    family_name: str | None = None
    """The last name."""


class Email(ComplexAttribute):
    class Type(ExtensibleStringEnum):
        work = "work"

    value: Annotated[str | None, Required.true] = None
    """The email address."""

    type: Type | None = None
    """What it is for. A member has one address, for work."""

    primary: bool | None = None
    """Whether it is the one that counts, of several."""


class GroupOfUser(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only] = None
    """The id of the group."""

    # The name of a resource type, and of no class.
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(  # type: ignore[name-defined]  # noqa: F821
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The name of the group."""


class User(Resource[Any]):
    """A member of the organisation."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the directory calls the member; before it has linked the member, the email address."""

    name: Name | None = None
    """The name of the member."""

    active: Annotated[bool | None, Required.true] = None
    """Whether the member can sign in. false ends all sessions and API tokens."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """The email address. Of several, the primary one is kept."""

    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    """The groups that the member is in."""


def config(documentation: str) -> ServiceProviderConfig:
    """What of the protocol is supported."""
    return ServiceProviderConfig(
        documentation_uri=Reference(documentation),
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=settings.SCIM_PAGE),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=True),
        pagination=Pagination(
            cursor=False, index=True, default_page_size=settings.SCIM_PAGE, max_page_size=settings.SCIM_PAGE
        ),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Bearer token",
                description="A token that an owner of the organisation creates in its settings.",
                spec_uri=Reference("https://www.rfc-editor.org/rfc/rfc6750"),
                primary=True,
            )
        ],
    )
