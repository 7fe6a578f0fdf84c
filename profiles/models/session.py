"""Session: a browser's session in this organisation."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from profiles.models.user import User

# What a later save of the store writes. The other columns say how the session began.
STORED = ("session_data", "expire_date", "user")


class Session(AbstractBaseSession):
    """Django's row of a session, with the member who is signed in: https://docs.djangoproject.com/en/stable/topics/http/sessions/

    `user` is None for a visitor. No foreign key in the database: otherwise a page of a member who is being removed
    would wait for the removal, and then fail.
    """

    expire_date = models.DateTimeField()  # without Django's index: only the nightly deletion reads by it
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("force_update"):
            kwargs["update_fields"] = STORED
        super().save(*args, **kwargs)
