"""Listens to tenants.notices.notify()."""

from typing import Any

from django.dispatch import receiver

from profiles.notices.keeping import keep
from tenants.notices import News, noticed


@receiver(noticed)
def tell(news: News, **_kwargs: Any) -> None:
    keep(news)
