"""Scopes: the part of its member's rights that a token has. "members:read" is for one resource, "read" for all.

Who may write may read. An app that adds operations names its resource with `resource("notes", _("Notes"))`.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shared.lists import one_after_another

READ, WRITE = "read", "write"
_resources: dict[str, tuple[str | Promise, tuple[str, ...]]] = {}
_apart: set[str] = set()


def resource(name: str, label: str | Promise, *actions: str, is_apart: bool = False) -> None:
    """Register a resource for scopes. The scopes for everything do not include a resource that is `apart`."""
    _resources[name] = (label, actions or (READ, WRITE))
    if is_apart:
        _apart.add(name)


resource("people", _("People"), READ)
resource("profile", _("Own profile"), WRITE)
resource("members", _("Members"))
resource("invitations", _("Invitations"))
resource("organisation", _("Organisation"))

ACTIONS = {READ: _("read"), WRITE: _("read and change")}
EVERYTHING = {READ: _("Everything: read"), WRITE: _("Everything: read and change")}


def choices() -> list[tuple[str, str | Promise]]:
    """All scopes, for a form."""
    return [*EVERYTHING.items(), *of_resources()]


def of_resources() -> list[tuple[str, str | Promise]]:
    return [
        (f"{name}:{action}", format_lazy(_("{resource}: {action}"), resource=label, action=ACTIONS[action]))
        for name, (label, actions) in _resources.items()
        for action in actions
    ]


def label(scope: str) -> str:
    """The scope in words; the scope itself if its app was taken out."""
    return str(dict(choices()).get(scope, scope))


def in_words(scopes: str) -> str:
    """Scopes with spaces between, for the activity log."""
    return one_after_another([label(scope) for scope in scopes.split()])


def covers(granted: Iterable[str], asked: str) -> bool:
    """Whether these scopes include the needed one."""
    name, _colon, action = asked.partition(":")
    if name in _apart:
        return asked in granted
    enough = {asked, action, WRITE, f"{name}:{WRITE}"}
    return not enough.isdisjoint(granted)
