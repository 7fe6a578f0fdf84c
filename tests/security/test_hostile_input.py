"""Hostile input: every form, query and path of both sites gets values that no one should type.

Forms are read from the pages, and pages from the site maps: a new form is met here without anyone thinking of it.
`HOSTILE=1000 pytest tests/security/test_hostile_input.py` looks longer, at each field with each value too.
"""

import traceback
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from profiles.models.user import normalised
from profiles.testing import facts
from profiles.testing.installed import needs
from tenants.models import Tenant
from tenants.schemas.spares import make_spare
from tests.profiles.pictures.made import photograph
from tests.security.attack import LONG, Attack, Found, check, is_html, request_of, text
from tests.security.forms import Field, Form, Page
from tests.security.hostile import ANY, EVALUATED, LARGE, MARKUP, VALUES
from tests.security.odd_requests import BODIES, FORM, FORWARDED, HEADERS

# Django says this of a date that an admin typed into an address, and goes on.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime:RuntimeWarning"),
]
EXAMPLES = settings(
    max_examples=LONG or 40,
    deadline=None,
    database=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
SHOWN = ("text", "textarea", "search", "email", "tel", "url")


@pytest.fixture(scope="module")
def attack(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Attack]:
    """One for all tests here: it undoes each of its requests, and to read all forms takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_spare()  # Without a spare, no sign-up could succeed.
        yield Attack(Tenant.objects.get(slug="acme"), operators=Tenant.objects.get(slug="globex"))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def forms(attack: Attack) -> list[Found]:
    return attack.forms()


class Findings(list[str]):
    """What went wrong, all of it."""

    @contextmanager
    def of(self, what: object) -> Iterator[None]:
        """Go on after a fault, which may not be the only one."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  the fixture fails the test with all of them
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.append(
                f"{what}"[:300]
                + f"\n  {type(error).__name__}: {error}"[:300]
                + f" ({last.name}, {last.filename}:{last.lineno})"
            )


@pytest.fixture
def findings() -> Iterator[Findings]:
    found = Findings()
    yield found
    assert not found, f"{len(found)} answers are not clean, such as:\n" + "\n".join(found[:40])


def squashed(value: str) -> str:
    """As a browser shows it: white space aside, and case, which addresses are kept without."""
    return " ".join(value.split()).lower()


def turn_of(number: int, every: int) -> bool:
    """In the suite the pages take turns; in a long run, everything meets everything."""
    return bool(LONG) or number % every == 0


def meets(
    attack: Attack, findings: Findings, found: Found, poison: dict[str, bytes], *, everywhere: bool = False
) -> bool:
    """Send the form with this in some of its fields, and look at what is shown then. Whether it was taken."""
    is_taken = False
    with findings.of(f"{found} with { {name: value[:60] for name, value in poison.items()} }"):
        values = {**attack.plausible(found), **poison}
        response = attack.submit(found, values.items(), everywhere=everywhere)
        if response.status_code == 200 and is_html(response) and found.form.method == "post":
            assert_shown_as_typed(found, Page(text(response), found.path), poison)
        for path, page in response.pages.items():
            if path == found.path and is_html(page):
                assert_shown_as_typed(found, Page(text(page), path), poison)
        is_taken = response.status_code == 302
    return is_taken  # noqa: RET504  False after a fault, which is noted


def assert_shown_as_typed(found: Found, page: Page, poison: dict[str, bytes]) -> None:
    """A form that comes back, or shows what was saved, holds what was typed, character by character."""
    same = [form for form in page.forms if form.names == found.form.names]
    shown: dict[str, Field] = {field.name: field for form in same for field in form.fields}
    for name, value in poison.items():
        field = shown.get(name)
        if field and field.kind in SHOWN and len(value) < LARGE:
            typed = value.decode(errors="replace")
            # Pages may show what is stored: a username in NFKC, and an email address in NFC.
            stored = normalised(typed) if name == "username" else unicodedata.normalize("NFC", typed)
            kept = [squashed(each) for each in (typed, stored, original(found, name))]
            assert squashed(field.value) in kept, f"{name} was changed"


def original(found: Found, name: str) -> str:
    """What a disabled field, or a form that was emptied after it was saved, shows instead."""
    return next(field.value for field in found.form.fields if field.name == name)


@needs("tenants.registration")
def test_there_are_forms_to_attack(attack: Attack, forms: list[Found]) -> None:
    """All that follows would pass on pages that cannot be read."""
    names = {name for found in forms for name in found.form.names}
    assert len(forms) > 20
    [sign_up] = [found for found in forms if found.site == "public" and "password" in found.form.names]
    assert attack.submit(sign_up, attack.plausible(sign_up).items()).status_code == 302
    wanted = {"email", "password", "bio", "photo", "logo", "slug", "q", "role"}
    assert wanted | ({"text"} if apps.is_installed("profiles.welcome") else set()) <= names


def test_every_form_meets_every_value(attack: Attack, findings: Findings, forms: list[Found]) -> None:
    """By turns in all fields at once, and in one alone, so that the others' errors do not hide it."""
    for turn, found in enumerate(forms):
        names = found.form.names
        for number, value in enumerate(VALUES.values()):
            if not turn_of(turn + number, 60):
                continue
            at_once = len(value) < LARGE and len(names) > 1 and turn_of(turn + number, 120)
            if at_once:
                meets(attack, findings, found, dict.fromkeys(names, value))
            if LONG or not at_once:
                for name in names if LONG else [names[(turn + number) // 120 % len(names)]]:
                    meets(attack, findings, found, {name: value})


def test_every_field_meets_markup(attack: Attack, findings: Findings, forms: list[Found]) -> None:
    """Each alone; then all that took it at once, and by turns all pages are looked at where it could be shown."""
    for turn, found in enumerate(forms):
        names = [name for number, name in enumerate(found.form.names) if turn_of(turn + number, 24)]
        takers = [name for name in names if meets(attack, findings, found, {name: MARKUP.encode()})]
        if takers:
            everywhere = turn_of(turn, 3)
            meets(attack, findings, found, dict.fromkeys(takers, MARKUP.encode()), everywhere=everywhere)


@pytest.mark.slow
def test_every_form_meets_what_is_missing_and_what_comes_twice(
    attack: Attack, findings: Findings, forms: list[Found]
) -> None:
    for turn, found in enumerate(forms):
        values = [*attack.plausible(found).items()]
        twice = [*values, *((name, b"-1") for name in found.form.names)]
        left_out = [name for number, name in enumerate(found.form.names) if turn_of(turn + number, 4)]
        missing = [[each for each in values if each[0] != name] for name in left_out]
        for sent in [twice, [*reversed(twice)], *missing]:
            with findings.of(f"{found} with {sent}"):
                attack.submit(found, sent)


def upload_of(found: Any) -> Any:
    """A file that a form accepts: a photo, unless the app says another one (FILES in testing/pages.py)."""
    files = {address: data for pages in facts.pages() for address, data in getattr(pages, "FILES", {}).items()}
    return files.get(found.address) or photograph()


@pytest.mark.slow
def test_every_upload_meets_a_lost_connection(
    attack: Attack, findings: Findings, forms: list[Found], settings: Any, tmp_path: Path
) -> None:
    """What came of the form is cut off anywhere: between its parts, in their headers, in the file."""
    settings.MEDIA_ROOT = tmp_path
    uploads = [found for found in forms if found.form.multipart]
    assert len(uploads) > 1
    for found in uploads:
        files = [(field.name, upload_of(found)) for field in found.form.fields if field.kind == "file"]
        whole = request_of(found.form, [*files, *attack.plausible(found).items()], found.path)
        assert attack.send(found.site, found.who, "POST", **whole).status_code == 302
        for share in range(5, 100, 5 if LONG else 15):
            with findings.of(f"{found}, {share} % of it"):
                part = {**whole, "data": whole["data"][: len(whole["data"]) * share // 100]}
                attack.send(found.site, found.who, "POST", **part)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@EXAMPLES
@given(data=st.data())
def test_forms_meet_what_chance_types(
    attack: Attack, findings: Findings, forms: list[Found], data: st.DataObject
) -> None:
    found = data.draw(st.sampled_from(forms))
    names = data.draw(st.lists(st.sampled_from(found.form.names), min_size=1, unique=True))
    meets(attack, findings, found, {name: data.draw(ANY) for name in names})


@pytest.mark.slow
def test_every_argument_of_a_path_meets_every_value(attack: Attack, findings: Findings) -> None:
    for turn, (site, address, path) in enumerate(attack.views()):
        for argument in map(str, attack.world.arguments(address)):
            for number, value in enumerate(VALUES.values()):
                if len(value) >= LARGE or not turn_of(turn + number, 8):
                    continue
                bent = path.replace(f"/{quote(argument)}", f"/{quote_from_bytes(value, safe='')}", 1)
                for who in attack.reached_by(site, path):
                    for method in ("GET", "POST"):
                        with findings.of(f"{who}: {method} {bent}"):
                            attack.send(site, who, method, bent)


@pytest.mark.slow
def test_every_address_meets_every_body(attack: Attack, findings: Findings) -> None:
    for turn, (site, _, path) in enumerate(attack.views()):
        for who in attack.reached_by(site, path):
            for content_type, body in BODIES if LONG else BODIES[turn % 6 :: 6]:
                with findings.of(f"{who}: POST {path} {content_type} {body[:80]!r}"):
                    if attack.send(site, who, "POST", path, data=body, content_type=content_type).status_code == 405:
                        break


@pytest.mark.slow
def test_pages_meet_every_header(attack: Attack, findings: Findings) -> None:
    for who in ("owner", "visitor"):
        for path in ("/", "/account/login/", "/people/", "/people/reader/initials.svg", "/account/sessions/"):
            for name, values in HEADERS.items():
                for value in values:
                    with findings.of(f"{who}: {path} {name}: {value!r}"):
                        attack.send("organisation", who, "GET", path, headers={name: value})


SIGN_IN = b"login=reader&password=correct horse battery"


@pytest.mark.slow
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_signing_in_meets_every_header(attack: Attack, findings: Findings, settings: Any, proxies: int) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request: dict[str, Any] = {"data": SIGN_IN, "content_type": FORM}
    for name, values in {**HEADERS, "X-Forwarded-For": FORWARDED}.items():
        for value in values:
            with findings.of(f"{name}: {value!r}"):
                attack.send("organisation", "visitor", "POST", "/account/login/", headers={name: value}, **request)


@pytest.mark.slow
def test_odd_methods_are_answered(attack: Attack, findings: Findings) -> None:
    for turn, (site, _, path) in enumerate(attack.views()):
        for number, method in enumerate(("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")):
            if not turn_of(turn + number, 2):
                continue
            with findings.of(f"{method} {path}"):
                attack.send(site, "owner", method, path)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=500),
        HttpResponse(MARKUP),
        HttpResponse(f"<p>{EVALUATED}</p>"),
    ],
    ids=["a fault", "markup that was not escaped", "a template that was evaluated"],
)
def test_what_is_not_clean_is_noticed(response: HttpResponse) -> None:
    with pytest.raises(AssertionError):
        check(response)


def test_a_value_that_was_changed_is_noticed() -> None:
    form = Form("/", "post", multipart=False, fields=[Field("name", "text", "Olga")])
    page = Page('<form method="post"><input name="name" value="Olg"></form>', "/")
    with pytest.raises(AssertionError):
        assert_shown_as_typed(Found("organisation", "a", "/", "owner", form), page, {"name": b"Olgu"})
