"""The library's messages about one kind of resource."""

from functools import cache
from typing import Any

from scim2_models import Resource


@cache
def message_about(message: Any, model: type[Resource[Any]]) -> Any:
    """Such as ListResponse[User]. Pydantic forgets classes that it makes, and takes some ten milliseconds for each."""
    return message.__class_getitem__(model)
