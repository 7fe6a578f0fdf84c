"""What the console says of the installation, and of an organisation's limits and mail."""

from django.db import connection

from profiles.mail import outbox
from profiles.models import OutgoingMail
from tenants.context import public, within
from tenants.limits.counting import Rate, take
from tests.profiles.operators.console import page


def test_health_says_what_is_missing(operator):
    seen = operator.get("/console/health/").content.decode()
    assert "no worker" in seen
    assert "at the state of this code" in seen


def test_health_says_which_releases_run_and_whether_mail_can_be_sent(operator, settings):
    worker = (
        "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " INSERT INTO tenants_worker SELECT id, '{mail}', %s FROM worker"
    )
    with public(), connection.cursor() as cursor:
        for release in (settings.RELEASE, "older"):
            cursor.execute(worker, [release])
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", 9, "hunter2"
    seen = operator.get("/console/health/")
    assert [each["is_same"] for each in seen.context["workers"]] == [True, False]
    assert "Another release" in seen.content.decode()
    [server] = [each for each in seen.context["findings"] if each.what == "mail server"]
    assert (server.is_well, server.words) == (False, "127.0.0.1:9: ConnectionRefusedError")
    assert "hunter2" not in seen.content.decode()


def test_health_says_which_organisations_have_reached_a_limit(operator, acme, settings):
    assert "No organisation has reached a limit" in operator.get("/console/health/").content.decode()
    rate = Rate(*settings.LIMITS["rename"]["organisation"])
    for _ in range(rate.amount):
        take("rename", rate, acme.schema_name)
    [(tenant, names)] = operator.get("/console/health/").context["throttled"]
    assert (tenant, names) == (acme, ["rename"])
    assert operator.get(page(acme)).context["throttled"] == ["rename"]


def test_an_organisation_page_counts_its_mail_and_shows_none_of_it(operator, acme):
    with within(acme):
        outbox.queue(to="rita@place.example", subject="Secret plan", text="Text")
        OutgoingMail.objects.create(to="gone@place.example", subject="Secret plan", text="Given up")
    seen = operator.get(page(acme))
    counted = seen.context["mail"]
    assert (counted.statuses, counted.kept, counted.unsent) == ({"todo": 1}, 2, 1)
    assert not [word for word in ("place.example", "Secret plan") if word in seen.content.decode()]
