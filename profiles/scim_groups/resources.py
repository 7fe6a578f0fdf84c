"""A group as SCIM knows it."""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import URN, ComplexAttribute, Mutability, Reference, Required, Resource, Uniqueness


class MemberOfGroup(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, Required.true] = None
    """The id of the user."""

    # The name of a resource type, and of no class.
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[name-defined]  # noqa: F821
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the user."""


class Group(Resource[Any]):
    """A group of members."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The name of the group."""

    members: list[MemberOfGroup] | None = None
    """The members of the group. Groups within groups are not supported."""
