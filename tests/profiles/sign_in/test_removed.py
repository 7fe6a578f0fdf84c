"""A member leaves in one tab, or is removed, while another request is running: no 500, and no access afterwards."""

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from profiles.members import changes
from profiles.models import User
from profiles.testing import PASSWORD, SiteClient
from tenants.context import within
from tests.profiles.pictures.made import photograph
from tests.profiles.races import overtaken

NEW = "a different battery"


def photo():
    return SimpleUploadedFile("a.png", photograph(), "image/png")


ACTIONS = {
    "/people/mal/edit/": lambda: {"first_name": "Mal", "time_zone": "UTC", "photo": photo()},
    "/account/password/change/": lambda: {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    "/account/email/": lambda: {"email": "mal@new.example", "action_add": ""},
}


@pytest.mark.parametrize("path", ACTIONS)
def test_who_has_left_is_sent_to_the_sign_in_page(new_tenant, settings, tmp_path, path):
    settings.MEDIA_ROOT = tmp_path
    tenant = new_tenant("leavers")
    with within(tenant):
        mal = User.objects.create_user("mal", "mal@leavers.example", PASSWORD, role="admin")
    browser = SiteClient(tenant, raise_request_exception=False).sign_in(mal)
    browser.give_password()
    answer = overtaken(tenant, lambda: browser.post(path, ACTIONS[path]()), by=lambda: changes.leave(member=mal))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    with within(tenant):
        assert not User.objects.filter(username="mal").exists()
        assert not EmailAddress.objects.filter(email__startswith="mal@").exists()
        assert not default_storage.exists("photos") or default_storage.listdir("photos")[0] == []


def test_a_member_who_was_removed_is_not_written_anew(acme, reader):
    with within(acme):
        stale = User.objects.get(pk=reader.pk)
        User.objects.get(pk=reader.pk).delete()
        with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
            stale.save()
        assert not User.objects.filter(pk=reader.pk).exists()


def test_a_fault_of_ours_stays_one(acme, as_user, owner, monkeypatch):
    """The middleware hides nothing from the log where the member is still there."""
    from profiles.models import Profile

    def fails(*_arguments: object, **_options: object) -> None:
        raise Profile.DoesNotExist

    monkeypatch.setattr(Profile, "get_absolute_url", fails)
    browser = as_user(owner)
    browser.raise_request_exception = False
    assert browser.post("/people/owner/edit/", {"first_name": "O", "time_zone": "UTC"}).status_code == 500
