"""Template tags that every page may use."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shared.capabilities import registry

register = template.Library()


@register.inclusion_tag("shared/nav_link.html", takes_context=True)
def nav_link(context: template.Context, url_name: str, label: str, exact: bool = False) -> dict[str, Any]:
    """A link of a navigation. Current on its own page ("page") and, unless exact, below it ("true")."""
    url, path = reverse(url_name), context["request"].path
    current = "page" if path == url else "true" if not exact and path.startswith(url) else ""
    return {"url": url, "label": label, "current": current}


@register.simple_tag(takes_context=True)
def registered_links(context: template.Context, area: str) -> list[dict[str, Any]]:
    """The entries that apps have registered for a navigation, of those that the viewer may open.

        {% registered_links "navigation" as links %}{% for link in links %}…

    Each has `url`, `label`, `tab`, and `current` as nav_link has it.
    """
    allowed = (link for link in registry.links(area) if not link.may or getattr(context["may"], link.may))
    return [nav_link(context, link.url_name, str(link.label), link.exact) | {"tab": link.tab} for link in allowed]


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str) -> SafeString:
    """What apps have registered for a place in a page: `{% slot "home" %}`."""
    parts = []
    for each, function in registry.slots(name):
        own = function(context) if function else {}
        if own is not None:
            with context.push(**own):
                parts.append(context.template.engine.get_template(each.template).render(context))  # type: ignore[union-attr]
    return mark_safe("".join(parts))  # noqa: S308  rendered templates, which have escaped what is in them


@register.simple_tag
def once() -> SafeString:
    """A key for a form that makes something: however often it is sent, that is made once (tenants/once/doing.py)."""
    return format_html('<input type="hidden" name="once" value="{}">', get_random_string(22))


@register.simple_tag
def registered_files(kind: str) -> tuple[str, ...]:
    """The static files, "css" or "js", that apps want on every page: `{% registered_files "css" as files %}`."""
    return registry.files(kind)


@register.simple_tag
def brand(name: str) -> str:
    """A value of config/brand.py: `{% brand "NAME" %}`."""
    return settings.BRAND[name]
