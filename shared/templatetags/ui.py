"""Template tags that every page may use."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("shared/nav_link.html", takes_context=True)
def nav_link(context: template.Context, url_name: str, label: str, exact: bool = False) -> dict[str, Any]:
    """A link of a navigation. Current on its own page ("page") and, unless exact, below it ("true")."""
    url, path = reverse(url_name), context["request"].path
    current = "page" if path == url else "true" if not exact and path.startswith(url) else ""
    return {"url": url, "label": label, "current": current}
