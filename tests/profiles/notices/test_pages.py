"""The list of notices, what is done with one, and how a member wants to be told."""

import pytest

from profiles.models import User
from profiles.notices.models import Notice, Preference
from profiles.notices.views import PAGE
from profiles.notices.ways import Way, ways_of
from shared.capabilities.registry import notice_kinds
from tenants.context import within
from tests.profiles.notices.planted import plant, stored

LIST, CHOICES = "/notices/", "/account/notifications/"


def test_reader_reads_one_and_then_all_that_she_saw(acme, reader, as_user):
    first, second, third = plant(acme, reader, 3)
    browser = as_user(reader)
    page = browser.get(LIST)
    assert page.content.decode().count("Olga Owner</bdi> changed your role to <bdi>Admin") == 3
    assert f'name="until" value="{third.pk}"' in page.content.decode()
    assert browser.get(f"{LIST}{first.pk}/")["Location"] == "/profile/"
    [later] = plant(acme, reader)
    assert browser.post(f"{LIST}read/?show=unread", {"until": third.pk})["Location"] == f"{LIST}?show=unread"
    assert [notice.pk for notice in stored(acme, read=None)] == [later.pk]
    assert browser.post(f"{LIST}{second.pk}/unread/").status_code == 302
    assert browser.post(f"{LIST}{later.pk}/read/").status_code == 302
    assert [notice.pk for notice in stored(acme, read=None)] == [second.pk]
    unread = browser.get(f"{LIST}?show=unread").context["page"].rows
    assert [notice.pk for notice in unread] == [second.pk]


def test_all_of_nonsense_is_nothing(acme, reader, as_user):
    plant(acme, reader)
    browser = as_user(reader)
    for until in ("", "x", "-1", "9" * 30, "²", "1\0"):
        assert browser.post(f"{LIST}read/", {"until": until}).status_code == 302, until
    assert len(stored(acme, read=None)) == 1


def test_no_one_reads_or_changes_what_others_are_told(acme, globex, owner, reader, editor, as_user):
    """Neither a colleague's, nor that of the member with the same primary key in another organisation."""
    [hers] = plant(acme, reader)
    [elsewhere] = plant(globex, editor, words={"by": "Globex Only", "role": "admin"}, id=hers.pk + 1000)
    [own] = plant(acme, editor, id=hers.pk + 1000)
    browser = as_user(editor)
    for pk in (hers.pk, hers.pk + 1):
        assert browser.get(f"{LIST}{pk}/").status_code == 404
        assert browser.post(f"{LIST}{pk}/read/").status_code == 404
        assert browser.post(f"{LIST}{pk}/unread/").status_code == 404
    assert "Globex Only" not in browser.get(LIST).content.decode()
    browser.post(f"{LIST}read/", {"until": own.pk})
    browser.post(CHOICES, choices())
    assert stored(globex, read=None) == [elsewhere]
    assert stored(acme, read=None) == [hers]
    with within(globex):
        assert not Preference.objects.exists()


def test_a_page_costs_the_same_with_fifty_and_leads_on(acme, reader, as_user, django_assert_num_queries):
    plant(acme, reader, PAGE + 1)
    browser = as_user(reader)
    browser.get(LIST)
    with within(acme), django_assert_num_queries(3):
        page = browser.get(LIST).context["page"]
    assert len(page.rows) == PAGE
    assert len(browser.get(f"{LIST}?after={page.after}").context["page"].rows) == 1


def test_words_are_text_and_of_their_own_direction(acme, reader, as_user):
    plant(acme, reader, words={"by": '<script>alert("%(role)s %s")</script>', "role": "admin"})
    html = as_user(reader).get(LIST).content.decode()
    assert "<bdi>&lt;script&gt;alert(&quot;%(role)s %s&quot;)&lt;/script&gt;</bdi> changed" in html


def test_of_a_part_that_was_taken_out_and_of_what_is_gone_it_still_has_a_line(acme, reader, as_user):
    [unknown] = plant(acme, reader, kind="note.shared", model="notes.note", words={"title": "T"})
    [gone] = plant(acme, reader, kind="member.joined", model="profiles.profile", key="999999")
    browser = as_user(reader)
    assert "A notification of a part that has been removed since" in browser.get(LIST).content.decode()
    for notice in (unknown, gone):
        page = browser.get(f"{LIST}{notice.pk}/", follow=True)
        assert "What this notification is about is no longer there." in page.content.decode()


def test_it_leads_to_the_member_by_their_present_username(acme, reader, editor, as_user):
    with within(acme):
        [notice] = plant(acme, reader, kind="member.joined", model="profiles.profile", key=str(editor.profile.pk))
        User.objects.filter(pk=editor.pk).update(username="edda.new")
    assert as_user(reader).get(f"{LIST}{notice.pk}/")["Location"] == "/people/edda.new/"


def test_an_empty_list_says_so(reader, as_user):
    browser = as_user(reader)
    assert "No notifications yet" in browser.get(LIST).content.decode()
    assert "You have read everything" in browser.get(f"{LIST}?show=unread").content.decode()


def choices() -> dict[str, str]:
    """What the form sends if nothing is changed."""
    mails = {f"{kind}-mail": each.mail for kind, each in notice_kinds().items()}
    return mails | {f"{kind}-shown": "on" for kind, each in notice_kinds().items() if each.shown}


def test_reader_chooses_and_only_what_differs_is_kept(acme, reader, as_user):
    browser = as_user(reader)
    page = browser.get(CHOICES)
    assert [kind for kind, *_ in page.context["form"].rows()].count("member.joined") == 0  # she cannot invite
    browser.post(CHOICES, choices() | {"member.role_changed-mail": "daily", "member.joined-mail": "soon"})
    with within(acme):
        assert ways_of(reader)["member.role_changed"] == Way(shown=True, mail="daily")
        assert Preference.objects.count() == 1
    browser.post(CHOICES, choices())
    with within(acme):
        assert not Preference.objects.exists()


def test_another_way_is_refused_with_a_sentence(acme, reader, as_user):
    browser = as_user(reader)
    for mail in ("", "often", "\0", "soon" * 1000):
        page = browser.post(CHOICES, choices() | {"member.role_changed-mail": mail})
        assert page.status_code == 200
        assert "errorlist" in page.content.decode(), mail
    with within(acme):
        assert not Preference.objects.exists()


def test_the_database_knows_the_ways_too(acme, reader):
    with within(acme), pytest.raises(Exception, match="preference_mail_known"):
        Preference.objects.bulk_create([Preference(member=reader, kind="x", shown=True, mail="weekly"[:5])])


def test_who_leaves_takes_them_along(acme, reader):
    plant(acme, reader)
    with within(acme):
        Preference.objects.create(member=reader, kind="x", shown=True, mail="daily")
        User.objects.get(pk=reader.pk).delete()
        assert not Notice.objects.exists()
        assert not Preference.objects.exists()
