"""The sentence and the link of a notice, made of its kind, its object and its words."""

from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from shared.capabilities.registry import notice_kinds


def text(notice: Any) -> str:
    """The sentence in the current language."""
    kind = notice_kinds().get(notice.kind)
    return str(kind.sentence) % labels(notice) if kind else unknown()


def html(notice: Any) -> SafeString:
    """The same as HTML. Each word is isolated, since its text direction may differ."""
    kind = notice_kinds().get(notice.kind)
    if kind is None:
        return escape(unknown())
    words = {name: format_html("<bdi>{}</bdi>", word) for name, word in labels(notice).items()}
    return mark_safe(escape(str(kind.sentence)) % words)  # noqa: S308  the text and each word are escaped


def unknown() -> str:
    """The sentence for a kind whose app was taken out."""
    return gettext("A notification of a part that has been removed since")


def labels(notice: Any) -> dict[str, Any]:
    """The words; choices of the object's field of that name are replaced by their labels."""
    model = model_of(notice)
    fields = {field.name: field for field in model._meta.get_fields()} if model else {}
    return {
        name: dict(getattr(fields.get(name), "flatchoices", ())).get(word, word) for name, word in notice.words.items()
    }


def target(notice: Any) -> str:
    """The path of the link; "" if the object or its app is gone."""
    kind = notice_kinds().get(notice.kind)
    if kind is None:
        return ""
    if kind.url_name:
        return reverse(kind.url_name)
    model = model_of(notice)
    found = model._base_manager.filter(pk=notice.key).first() if model else None
    return found.get_absolute_url() if found else ""


def model_of(notice: Any) -> Any:
    """The model of the object; None if there is none, or its app was taken out."""
    try:
        return apps.get_model(notice.model)
    except (LookupError, ValueError):
        return None
