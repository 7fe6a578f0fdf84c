"""The development mailbox: available only while DEBUG is on."""

import importlib
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.urls import clear_url_caches

from shared.mailbox import backend
from tests.security.test_headers import lacking

LINK = "http://acme.localhost:8000/invitations/abc:def/?a=1&b=2"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mail"
    return settings.MAILBOX_DIR


@pytest.fixture
def send(settings):
    """Send by the mailbox. Django's tests put a backend of their own in the settings."""

    def deliver(subject: str = "Hello", to: str = "ben@acme.example", text: str = "Hi.", html: str = "") -> None:
        backend = get_connection("shared.mailbox.backend.EmailBackend")
        message = EmailMultiAlternatives(subject, text, to=[to], connection=backend)
        if html:
            message.attach_alternative(html, "text/html")
        assert message.send() == 1

    return deliver


def load_site_map() -> None:
    """Read the public site's map again, as a process does that starts with these settings."""
    importlib.reload(importlib.import_module("config.public_urls"))
    clear_url_caches()


@pytest.fixture
def site(settings, public_client):
    """The public site as it is with DEBUG on."""
    settings.DEBUG = True
    load_site_map()
    yield public_client
    settings.DEBUG = False
    load_site_map()


def newest() -> str:
    return backend.names()[0]


@pytest.mark.parametrize("path", ["", "{name}/", "{name}/html/"])
def test_without_debug_there_is_no_mailbox(settings, public_client, send, path):
    assert not settings.DEBUG
    load_site_map()
    send(html="<p>Hi</p>")
    assert public_client.get("/dev/mail/" + path.format(name=newest())).status_code == 404


def test_organisations_have_no_mailbox(site, send, as_user, owner):
    send()
    for path in ("/dev/mail/", f"/dev/mail/{newest()}/"):
        assert as_user(owner).get(path).status_code == 404


def test_empty_mailbox_says_so(site):
    assert "No mail yet" in site.get("/dev/mail/").content.decode()


def test_newest_message_comes_first(site, send):
    for subject in ("First", "Second", "Third"):
        send(subject)
    html = site.get("/dev/mail/").content.decode()
    assert html.index("Third") < html.index("Second") < html.index("First")
    assert "ben@acme.example" in html


def test_long_mailbox_has_pages(site, send):
    for number in range(31):
        send(f"Message no. {number}.")
    assert "Message no. 0." not in site.get("/dev/mail/").content.decode()
    assert "Message no. 0." in site.get("/dev/mail/?page=2").content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "9" * 5000, "x", "\0"])
def test_page_that_is_none_does_no_harm(site, send, page):
    send()
    assert site.get("/dev/mail/", {"page": page}).status_code == 200


def test_links_of_the_text_can_be_clicked(site, send):
    send(text=f"Come:\n\n{LINK}\n\nBye")
    html = site.get(f"/dev/mail/{newest()}/").content.decode()
    assert f'href="{LINK.replace("&", "&amp;")}"' in html


def test_text_is_shown_and_never_run(site, send):
    send(subject="<script>1</script>", to="<b@acme.example>", text="<script>alert(2)</script>")
    for path in ("/dev/mail/", f"/dev/mail/{newest()}/"):
        html = site.get(path).content.decode()
        assert "<script>1" not in html
        assert "<script>alert" not in html


def test_html_is_shown_in_a_sandbox(site, send):
    send(html='<head></head><p style="color: red">Hi</p>')
    page = site.get(f"/dev/mail/{newest()}/").content.decode()
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame
    assert f'src="/dev/mail/{newest()}/html/"' in frame[0]
    assert "allow-scripts" not in frame[0]
    assert "allow-same-origin" not in frame[0]


def test_pages_say_to_the_browser_what_all_pages_say(site, send):
    send(html="<p>Hi</p>")
    for path in ("", f"{newest()}/"):
        assert lacking(site.get(f"/dev/mail/{path}")) == []
    assert lacking(site.get(f"/dev/mail/{newest()}/html/")) == ["a policy without inline code", "frames"]


def test_html_has_a_policy_of_its_own_that_lets_nothing_run(site, send):
    send(html="<head></head><p>Hi</p>")
    response = site.get(f"/dev/mail/{newest()}/html/")
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "frame-ancestors": "'self'",
    }
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert b"<p>Hi</p>" in response.content


def test_links_of_the_html_open_in_a_tab(site, send):
    send(html="<head></head><a href='https://example.com/'>x</a>")
    assert b'<head><base target="_blank">' in site.get(f"/dev/mail/{newest()}/html/").content


def test_message_without_html_has_none(site, send):
    send()
    assert "<iframe" not in site.get(f"/dev/mail/{newest()}/").content.decode()
    assert site.get(f"/dev/mail/{newest()}/html/").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "..",
        "..%2f..%2fsecret",
        "%2e%2e",
        "%00",
        "a" * 5000,
        "0" * 20 + "-" + "0" * 8,
        "0" * 20 + "-0000000Z",
    ],
)
def test_name_that_is_none_is_not_found(site, folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "x.eml").write_text("Subject: not ours\n\nx")
    for path in (f"/dev/mail/{name}/", f"/dev/mail/{name}/html/"):
        assert site.get(path).status_code == 404


def test_message_comes_back_as_it_was_sent(send):
    send(
        subject="Grüße – 你好 " * 10,
        to="Ben Bö <ben@acme.example>",
        text="Zeile\n.\nFrom here\n" + "x" * 2000,
    )
    kept = backend.read(newest())
    assert kept.subject == ("Grüße – 你好 " * 10).strip()
    assert kept.to == "Ben Bö <ben@acme.example>"
    assert kept.text.split("\n")[:3] == ["Zeile", ".", "From here"]
    assert kept.html == ""


def test_file_is_whole_or_not_there(send, folder):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(f"Message {number}"), range(40)))
    assert len({backend.read(name).subject for name in backend.names()}) == 40
    assert {path.suffix for path in folder.iterdir()} == {".eml"}


def test_unfinished_file_is_not_listed(folder):
    folder.mkdir()
    (folder / f"{'0' * 20}-00000000.part").write_text("Subj")
    assert backend.names() == []


def test_djangos_own_mail_functions_arrive_too(site, settings):
    settings.EMAIL_BACKEND = "shared.mailbox.backend.EmailBackend"
    send_mail("Plain", "Text", None, ["ben@acme.example"])
    assert backend.read(newest()).sender == settings.DEFAULT_FROM_EMAIL
