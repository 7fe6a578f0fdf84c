"""Template tags for all pages."""

from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Node, NodeList, Parser, Token
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shared import colours, icons, initials, tokens
from shared.capabilities import registry
from shared.capabilities.base import GROUPS

register = template.Library()


@cache
def address(url_name: str, urlconf: Any, prefix: str) -> str:  # noqa: ARG001  `reverse` asks for the prefix itself
    """A cached `reverse` for URLs without arguments: every page needs those of the navigation."""
    return reverse(url_name, urlconf)


@register.inclusion_tag("shared/nav_link.html", takes_context=True)
def nav_link(
    context: template.Context, url_name: str, label: str, exact: bool = False, also: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A link of a navigation. It is current on its page ("page") and, unless exact, below it and `also` ("true").

    A page whose address is another one names the entry that it belongs to: `section` in its context.
    """
    path = context["request"].path
    url, *others = (address(name, get_urlconf(), get_script_prefix()) for name in (url_name, *also))
    below = others if exact else [url, *others]
    is_page = path == url or context.get("section") == url_name
    current = "page" if is_page else "true" if path.startswith(tuple(below)) else ""
    return {"url": url, "label": label, "current": current}


@register.simple_tag(takes_context=True)
def registered_links(context: template.Context, area: str) -> list[dict[str, Any]]:
    """The entries that apps have registered for a navigation and that the viewer may open.

        {% registered_links "navigation" as links %}{% for link in links %}…

    Each has `url`, `label`, `short` (its `tab`, or else the label), `icon`, `menu`, `group` (a heading) and `current`
    as in nav_link.
    """
    allowed = (link for link in registry.links(area) if not link.may or getattr(context["may"], link.may))
    return [
        nav_link(context, link.url_name, str(link.label), link.exact, link.also)
        | {
            "short": link.tab or link.label,
            "icon": link.icon,
            "menu": link.menu,
            "group": GROUPS.get(link.group, link.group),
        }
        for link in allowed
    ]


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str) -> SafeString:
    """The content that apps have registered for a place in a page: `{% slot "home" %}`."""
    parts = []
    for each, function in registry.slots(name):
        own = function(context) if function else {}
        if own is not None:
            with context.push(**own):
                parts.append(context.template.engine.get_template(each.template).render(context))  # type: ignore[union-attr]
    return mark_safe("".join(parts))  # noqa: S308  rendered templates, which are escaped already


@register.simple_tag
def once_key() -> SafeString:
    """A key for a form that creates something: sending it twice creates one (tenants/once/doing.py)."""
    return format_html('<input type="hidden" name="once" value="{}">', get_random_string(22))


@register.simple_tag
def registered_files(kind: str) -> tuple[str, ...]:
    """The static files, "css" or "js", that apps add to every page: `{% registered_files "css" as files %}`."""
    return registry.files(kind)


@register.simple_tag
def theme_of(member: Any) -> SafeString | str:
    """What <html> says of a member's choice of light or dark: `{% theme_of request.user %}`. Nothing without one."""
    theme = getattr(member, "theme", "")
    return format_html(' data-theme="{}"', theme) if theme else ""


@register.simple_tag
def look_of(organisation: Any) -> colours.Look | None:
    """Its accent in both schemes, or None if it has the product's: `{% look_of request.tenant as look %}`."""
    chosen = getattr(organisation, "accent", "")
    return colours.look(chosen) if chosen else None


@register.simple_tag(takes_context=True)
def mail_colour(context: template.Context) -> str:
    """The accent for links and buttons of a mail, which has no style sheet: the organisation's, or the product's."""
    chosen = getattr(context.get("organisation"), "accent", "")
    return colours.look(chosen).light.accent if chosen else tokens.token("accent")


@register.simple_tag
def token(name: str, side: tokens.Side = "light") -> str:
    """A colour of css/tokens.css where no style sheet is: `{% token "ink-soft" %}`, `{% token "surface" "dark" %}`."""
    return tokens.token(name, side)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our icons, beside words that say the same: `{% icon "people" %}` (shared/templates/shared/icons.svg)."""
    return icons.icon(name)


@register.filter
def drawn_initials(name: str, kind: str) -> str:
    """The initials of a name as an SVG of this class: `{{ name|drawn_initials:"avatar" }}`."""
    return initials.inline(name, kind)


@register.simple_tag
def brand(name: str) -> str:
    """A value of config/brand.py: `{% brand "NAME" %}`."""
    return settings.BRAND[name]


@register.tag
def once(parser: Parser, token: Token) -> Node:  # noqa: ARG001  what Django gives a tag
    """Content that is the same on every page, rendered once per process: `{% once %}{% static "a.css" %}{% endonce %}`.

    It is rendered once per language, and without variables, so it cannot contain anything else of a request.
    """
    nodes = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodes)


class OnceNode(Node):
    """The content between the two tags, cached per language for as long as the process keeps the template."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.texts: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if language not in self.texts:
            self.texts[language] = self.nodelist.render(context.new())
        return self.texts[language]
