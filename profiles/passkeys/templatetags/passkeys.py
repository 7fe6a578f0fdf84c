"""What pages of passkeys hand to the browser."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(options: Any) -> str:
    """Options for navigator.credentials, for an attribute: templates escape it."""
    return json.dumps(dict(options))
