"""allauth's pages as tests look at them: in our look, or not there at all."""

import re
from html.parser import HTMLParser

from django.urls import URLResolver, get_resolver

LOGIN = "/account/login/"
HOME = "/"
TO_LOGIN = f"{LOGIN}?next="
ASK = "/account/reauthenticate/?next="
KEY = "x" * 64

NONSENSE = [
    {},
    {"email": "\0", "action_send": ""},
    {"email": "\0@acme.example", "action_remove": ""},
    {"email": "a@b\0.example", "action_add": "", "action_primary": ""},
    {"login": "\0", "password": "\0", "code": "\0", "next": "\0"},
    {"oldpassword": "\0", "password1": "\0", "password2": "\0"},
    {
        "email": "x" * 100_000 + "@acme.example",
        "code": "9" * 100_000,
        "password": "x" * 100_000,
        "action_add": "",
    },
]


class Page(HTMLParser):
    """What is asserted of a page's HTML."""

    def __init__(self, html):
        super().__init__()
        self.headings = self.forms = 0
        self.inline = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.headings += tag == "h1"
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.inline.append(tag)
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]


def patterns(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, prefix + str(pattern.pattern))
        else:
            yield (prefix + str(pattern.pattern)).replace("^", "").replace("$", "")


def addresses(urlconf):
    """The addresses of one of allauth's site maps, with something in the place of each argument."""
    return {filled_in(address) for address in patterns(get_resolver(urlconf))}


def filled_in(address):
    address = re.sub(r"\(\?P<uidb36>.*?\)-", "1-", address)
    return re.sub(r"\(\?P<key>.*?\)", KEY, address)


def check(response, expected):
    if isinstance(expected, str):
        assert response.status_code == 302
        location = response["Location"]
        assert location.startswith(expected) if expected.endswith("=") else location.split("?")[0] == expected
        return
    assert response.status_code == expected
    if expected == 200:
        is_ours(response)


def is_ours(response):
    """One heading, a title that names the organisation, and nothing that the security policy forbids."""
    html = response.content.decode()
    page = Page(html)
    assert page.headings == 1
    assert page.inline == []
    (title,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title.strip().endswith("· Acme")
    assert not title.strip().startswith("·")
    assert "shared/css/site.css" in html
    assert "None" not in re.sub(r"<[^>]*>", "", html)


def is_ours_or_bare(html):
    assert Page(html).headings == 1
    assert Page(html).inline == []
    assert "shared/css/site.css" in html


def send_nonsense(browser, path):
    """Post what no form sends: each response is a clean one, not a server error."""
    for data in NONSENSE:
        if "logout" not in path:
            assert browser.post(path, data).status_code < 500
    for content_type in ("application/json", "text/plain", "multipart/form-data"):
        assert browser.post(path, b"\xff{", content_type=content_type).status_code < 500
