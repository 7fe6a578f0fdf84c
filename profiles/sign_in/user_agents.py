"""What a User-Agent header calls a browser and its system, for people.

A few families cover nearly all browsers, and what else the header once said is frozen in them: Chrome and Safari name
one version of Windows and macOS for ever (https://www.chromium.org/updates/ua-reduction/). So this needs no library
with thousands of expressions, which each page would have to try.
"""

import re

from django.utils.translation import gettext as _

# The first that is found counts: most say that they are Safari, and many that they are Chrome.
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
    """“Firefox on Linux”; "" where neither is one that people know, or nothing was sent."""
    browser, system = first(BROWSERS, user_agent or ""), first(SYSTEMS, user_agent or "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def first(names: dict[str, str], user_agent: str) -> str:
    return next((name for pattern, name in names.items() if re.search(pattern, user_agent)), "")
