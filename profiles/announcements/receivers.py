"""Announcements are read when the directory of organisations has changed."""

from profiles.announcements.shown import remember
from tenants.signals import directory_changed

directory_changed.connect(remember, dispatch_uid="profiles.announcements")
