"""An organisation's colour as a style sheet, and as the icon in the browser's tab.

Both are computed from the address alone, which contains the colour. Another colour has another address, so browsers
cache them for a year. RULES is part of the address and is increased with each change of shared/colours.py.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import register_converter
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shared.colours import look

A_YEAR = 31_536_000
RULES = 1

SHEET = """@layer tokens {{
  :root {{
    --accent: light-dark({light.accent}, {dark.accent});
    --accent-strong: light-dark({light.strong}, {dark.strong});
    --accent-soft: light-dark({light.soft}, {dark.soft});
    --on-accent: light-dark({light.on}, {dark.on});
  }}
}}
"""
# The icon of an organisation without a logo.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path fill="{light.accent}" d="M4 28V14a12 12 0 0 1 24 0v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/>
<circle cx="21" cy="20" r="2" fill="{light.on}"/>
</svg>
"""


class ColourConverter:
    """A colour and the rules of its correction in an address: `1-c2410c` is "#c2410c"."""

    regex = rf"{RULES}-[0-9a-f]{{6}}"

    def to_python(self, value: str) -> str:
        return "#" + value.partition("-")[2]

    def to_url(self, value: str) -> str:
        return f"{RULES}-{value.removeprefix('#')}"


register_converter(ColourConverter, "colour")


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def style_sheet(_request: HttpRequest, colour: str) -> HttpResponse:
    found = look(colour)
    return HttpResponse(SHEET.format(light=found.light, dark=found.dark), content_type="text/css")


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def icon(_request: HttpRequest, colour: str) -> HttpResponse:
    return HttpResponse(ICON.format(light=look(colour).light), content_type="image/svg+xml")
