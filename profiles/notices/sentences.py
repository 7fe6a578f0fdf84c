"""What a notice says and where it leads: its row has the names of its kind and of its object, and words."""

from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from shared.capabilities.registry import notice_kinds


def text(notice: Any) -> str:
    """The sentence in the present language."""
    kind = notice_kinds().get(notice.kind)
    return str(kind.sentence) % labels(notice) if kind else unknown()


def html(notice: Any) -> SafeString:
    """The same, with each word apart from the text around it, whose direction may be the other one."""
    kind = notice_kinds().get(notice.kind)
    if kind is None:
        return escape(unknown())
    words = {name: format_html("<bdi>{}</bdi>", word) for name, word in labels(notice).items()}
    return mark_safe(escape(str(kind.sentence)) % words)  # noqa: S308  the text and each word are escaped


def unknown() -> str:
    """Of an app that has been taken out since, there is no sentence."""
    return gettext("A notification of a part that has been removed since")


def labels(notice: Any) -> dict[str, Any]:
    """The words, each as people call it where it is a choice of the object's field of that name."""
    model = model_of(notice)
    fields = {field.name: field for field in model._meta.get_fields()} if model else {}
    return {
        name: dict(getattr(fields.get(name), "flatchoices", ())).get(word, word) for name, word in notice.words.items()
    }


def target(notice: Any) -> str:
    """The path that it leads to; "" if the object is gone, or the app that it is of."""
    kind = notice_kinds().get(notice.kind)
    if kind is None:
        return ""
    if kind.url_name:
        return reverse(kind.url_name)
    model = model_of(notice)
    found = model._base_manager.filter(pk=notice.key).first() if model else None
    return found.get_absolute_url() if found else ""


def model_of(notice: Any) -> Any:
    """The model of the object that it is about; None for none, and for one that has been taken out since."""
    try:
        return apps.get_model(notice.model)
    except (LookupError, ValueError):
        return None
