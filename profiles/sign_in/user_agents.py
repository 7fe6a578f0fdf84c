"""The browser and system of a User-Agent header, in words for people.

A few families cover nearly all browsers, and the other parts of the header are frozen: Chrome and Safari always name
the same version of Windows and macOS (https://www.chromium.org/updates/ua-reduction/). So no library with thousands
of expressions is needed.
"""

import re

from django.utils.translation import gettext as _

# The first match counts: most headers also contain Safari, and many Chrome.
BROWSERS = {
    r"\bEdg(A|iOS)?/": "Edge",
    r"\b(OPR|OPT|OPX|OPiOS)/": "Opera",
    r"\bSamsungBrowser/": "Samsung Internet",
    r"\bVivaldi/": "Vivaldi",
    r"\b(Firefox|FxiOS)/": "Firefox",
    r"\b(Headless)?(Chrome|Chromium|CriOS)/": "Chrome",
    r"\bVersion/[\d.]+ .*\bSafari/": "Safari",
}
SYSTEMS = {
    r"\biPhone\b": "iPhone",
    r"\biPad\b": "iPad",
    r"\bAndroid\b": "Android",
    r"\bWindows\b": "Windows",
    r"\bCrOS\b": "ChromeOS",
    r"\bMac(intosh| OS X)\b": "macOS",
    r"\bLinux\b": "Linux",
}


def in_words(user_agent: str | None) -> str:
    """“Firefox on Linux”; "" if both are unknown or the header is missing."""
    browser, system = first(BROWSERS, user_agent or ""), first(SYSTEMS, user_agent or "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def first(names: dict[str, str], user_agent: str) -> str:
    return next((name for pattern, name in names.items() if re.search(pattern, user_agent)), "")
