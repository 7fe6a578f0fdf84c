"""Lists in a sentence, in the reader's language, whose catalogue has the comma and the conjunctions."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


def any_of(items: Sequence[str]) -> str:
    """“A, B or C”."""
    if len(items) < 2:
        return "".join(items)
    return _("%(some)s or %(last)s") % {"some": one_after_another(items[:-1]), "last": items[-1]}


def all_of(items: Sequence[str]) -> str:
    """“A, B and C”."""
    if len(items) < 2:
        return "".join(items)
    return _("%(some)s and %(last)s") % {"some": one_after_another(items[:-1]), "last": items[-1]}


def one_after_another(items: Sequence[str]) -> str:
    """“A, B, C”."""
    line, *others = items
    for item in others:
        line = _("%(some)s, %(next)s") % {"some": line, "next": item}
    return line
