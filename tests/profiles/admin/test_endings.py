"""What Django's admin logs has an end."""

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from tenants.cleaning import clean_up
from tenants.context import within


def test_log_of_the_admin_is_forgotten(acme, owner):
    with within(acme):
        for days in (364, 366):
            entry = LogEntry.objects.create(user=owner, action_flag=CHANGE, object_repr=str(days), change_message="")
            LogEntry.objects.filter(pk=entry.pk).update(action_time=timezone.now() - timedelta(days=days))
        clean_up()
        assert [entry.object_repr for entry in LogEntry.objects.all()] == ["364"]
