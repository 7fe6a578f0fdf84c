"""What owners read for a model."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shared.capabilities.registry import row_names

FILES = "files"


def name_of(what: str) -> str:
    """In the reader's language, of the label of a model or FILES. The label itself, if there is no such model."""
    if what == FILES:
        return str(_("Files"))
    if what in row_names():
        return str(row_names()[what])
    try:
        return str(capfirst(apps.get_model(what)._meta.verbose_name_plural))
    except (LookupError, ValueError):
        return what
