"""Mail of notices: only of what was not read, together, in the member's language, and stopped by one click."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from profiles.members.changes import change_role
from profiles.models import Profile, User
from profiles.notices import mailing, nightly
from profiles.notices.mailing import mail_notices
from profiles.notices.models import Notice, Preference
from profiles.notices.ways import Way, ways_of
from profiles.testing import SiteClient
from profiles.testing.jobs import queued_jobs
from tenants.context import within
from tenants.notices import notify
from tests.mails import links, texts
from tests.profiles.notices.planted import make_due, plant, stored

EARLIER = timezone.now() - timedelta(minutes=10)


def planned() -> list[str]:
    return [job.task_name for job in queued_jobs() if job.task_name == "notices.mail"]


def test_unread_notice_is_mailed_after_five_minutes_once(acme, owner, reader, run_jobs, mailoutbox):
    with within(acme):
        change_role(actor=owner, member=reader, role="editor")
    [job] = [job for job in queued_jobs() if job.task_name == "notices.mail"]
    [notice] = stored(acme)
    assert job.scheduled_at == notice.due
    assert notice.due is not None
    assert timedelta(minutes=5) <= notice.due - notice.created <= timedelta(minutes=6)
    with within(acme):
        mail_notices()
    assert mailoutbox == []  # It is too early.
    make_due(acme)
    run_jobs()
    with within(acme):
        mail_notices()
        run_jobs()
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["reader@acme.example"], "Olga Owner changed your role to Editor")
    assert acme.url(f"/notices/{notice.pk}/") in links(mail)
    assert stored(acme, due=None, read=None) == [notice]


def test_what_was_read_is_not_mailed(acme, reader, as_user, run_jobs, mailoutbox):
    [notice] = plant(acme, reader, due=EARLIER)
    as_user(reader).get(f"/notices/{notice.pk}/")
    with within(acme):
        mail_notices()
    run_jobs()
    assert mailoutbox == []


def test_a_minute_has_one_job_however_much_happens(acme, globex, editor, reader):
    for tenant in (acme, globex):
        with within(tenant):
            for role in ("admin", "reader", "admin"):
                notify([editor, reader], "member.role_changed", role=role, by=User(first_name="Olga"))
    assert 2 <= len(planned()) <= 4  # One for each organisation, or two where the minute has just ended.


def test_in_the_morning_all_comes_in_one_mail_in_the_members_language_and_time(acme, admin, run_jobs, mailoutbox):
    with within(acme):
        User.objects.filter(pk=admin.pk).update(language="de")
        Profile.objects.filter(user=admin).update(time_zone="Asia/Tokyo")
        for _ in range(2):
            notify(admin, "member.joined", admin.profile, by=User(first_name="Nora", last_name="<b>New</b>"))
    assert {f"{notice.due:%H:%M}" for notice in stored(acme)} == {"23:00"}  # 8 in the morning in Tokyo
    make_due(acme)
    run_jobs()
    [mail] = mailoutbox
    assert mail.subject == "2 Benachrichtigungen von Acme"
    plain, html = texts(mail)[1:]
    assert plain.count("Nora <b>New</b> hat Ihre Einladung angenommen") == 2
    assert "Nora &lt;b&gt;New&lt;/b&gt;" in html


def test_one_click_stops_the_daily_mail_and_nothing_else(acme, globex, admin, run_jobs, mailoutbox):
    with within(acme):
        notify(admin, "member.joined", admin.profile, by=User(first_name="Nora"))
    make_due(acme)
    run_jobs()
    [mail] = mailoutbox
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in links(mail)
    browser = SiteClient(acme, enforce_csrf_checks=True)
    assert browser.get(urlsplit(address).path).status_code == 200
    with within(acme):
        assert ways_of(admin)["member.joined"].mail == "daily"  # A mail scanner that looks stops nothing.
    assert browser.post(urlsplit(address).path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with within(acme):
        assert ways_of(admin)["member.joined"] == Way(shown=True, mail="never")
        assert ways_of(admin)["member.role_changed"].mail == "soon"
    with within(globex):
        assert not Preference.objects.exists()


def test_a_mail_of_one_kind_stops_that_kind(acme, reader, run_jobs, mailoutbox):
    plant(acme, reader, due=EARLIER)
    with within(acme):
        Preference.objects.create(member=reader, kind="member.joined", shown=False, mail="soon")
        mail_notices()
    run_jobs()
    path = urlsplit(mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")).path
    assert "My role is changed" in SiteClient(acme).get(path).content.decode()
    SiteClient(acme).post(path)
    with within(acme):
        assert ways_of(reader)["member.role_changed"].mail == "never"
        assert ways_of(reader)["member.joined"] == Way(shown=False, mail="soon")


def test_former_members_and_those_who_changed_their_mind_get_none(acme, editor, reader, admin, run_jobs, mailoutbox):
    for member in (editor, reader, admin):
        plant(acme, member, due=EARLIER)
    with within(acme):
        User.objects.filter(pk=editor.pk).update(is_active=False)
        User.objects.filter(pk=admin.pk).update(email="")
        Preference.objects.create(member=reader, kind="member.role_changed", shown=True, mail="never")
        mail_notices()
    run_jobs()
    assert mailoutbox == []
    assert len(stored(acme, due=None)) == 3


def test_one_members_failure_keeps_no_one_elses_mail(acme, editor, reader, run_jobs, mailoutbox):
    plant(acme, editor, due=EARLIER, words={})  # A sentence without its words: an older release wrote it.
    plant(acme, reader, due=EARLIER)
    with within(acme), pytest.raises(ExceptionGroup):
        mail_notices()
    run_failing = [notice.to.username for notice in stored(acme, due__isnull=False)]
    assert run_failing == ["editor"]
    with within(acme):
        Notice.objects.filter(to=editor).delete()
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["reader@acme.example"]]


def test_a_large_organisation_is_mailed_by_several_jobs(acme, editor, reader, admin, run_jobs, mailoutbox, monkeypatch):
    monkeypatch.setattr(mailing, "MEMBERS", 2)
    for member in (editor, reader, admin):
        plant(acme, member, 2, due=EARLIER)
    with within(acme):
        mail_notices()
    assert planned() == ["notices.mail"]
    run_jobs()
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "admin@acme.example",
        "editor@acme.example",
        "reader@acme.example",
    ]


def test_at_night_old_ones_go_and_forgotten_ones_are_mailed(acme, reader, run_jobs, mailoutbox):
    now = timezone.now()
    plant(acme, reader, created=now - timedelta(days=91))
    [young] = plant(acme, reader, created=now - timedelta(days=89), due=EARLIER)
    with within(acme):
        assert nightly.end_notices() == 1
        nightly.mail_overdue()
    assert stored(acme) == [young]
    run_jobs()
    assert len(mailoutbox) == 1
