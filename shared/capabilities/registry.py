"""What installed apps register for templates, URLs and commands, core apps and capabilities alike."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.urls import URLResolver, include, path
from django.utils.module_loading import import_string

from shared.capabilities.base import GROUPS, Allowance, Capability, Link, Mark, NoticeKind, Slot, Step


def capabilities() -> Iterator[Capability]:
    """The apps that register something, in the order of INSTALLED_APPS."""
    return (app for app in apps.get_app_configs() if isinstance(app, Capability))


@cache
def links(area: str) -> tuple[Link, ...]:
    """The entries of a navigation: "navigation", "settings_pages" and the like.

    Entries of a group are side by side: first the groups of GROUPS, then the product's own, then entries without one.
    """
    found = _in_order(link for app in capabilities() for link in getattr(app, area))
    groups = list(dict.fromkeys([*GROUPS, *(link.group for link in found if link.group), ""]))
    return tuple(sorted(found, key=lambda link: groups.index(link.group)))


@cache
def slots(name: str) -> tuple[tuple[Slot, Callable[[Any], dict[str, Any] | None] | None], ...]:
    """The entries of a slot, each with the function that returns its context."""
    found = _in_order(slot for app in capabilities() for slot in app.slots.get(name, ()))
    return tuple((slot, import_string(slot.context) if slot.context else None) for slot in found)


@cache
def first_steps() -> tuple[Step, ...]:
    return _in_order(step for app in capabilities() for step in app.first_steps)


@cache
def member_marks() -> tuple[Mark, ...]:
    return _in_order(mark for app in capabilities() for mark in app.member_marks)


@cache
def profile_forms() -> tuple[Any, ...]:
    """The form classes that are part of a member's profile form."""
    return tuple(import_string(dotted) for app in capabilities() for dotted in app.profile_forms)


@cache
def imported(hook: str) -> tuple[Any, ...]:
    """What apps name in an attribute: "people_filters", "bulk_actions" and the like."""
    return tuple(import_string(dotted) for app in capabilities() for dotted in getattr(app, hook))


@cache
def files(kind: str) -> tuple[str, ...]:
    """The static files of a kind, "css" or "js", that belong on every page."""
    return tuple(name for app in capabilities() for name in getattr(app, kind))


@cache
def temporary_folders() -> frozenset[str]:
    """Folders of an organisation's files that are neither exported nor counted."""
    return frozenset(name for app in capabilities() for name in app.temporary_folders)


@cache
def rights() -> dict[str, Callable[[Any], bool]]:
    """All rights: the name in `may.…`, and a function that takes the viewer."""
    return {name: import_string(dotted) for app in capabilities() for name, dotted in app.rights.items()}


@cache
def audit_kinds() -> dict[str, Any]:
    """Every kind of what is done in an organisation, with its label for people (tenants/events.py)."""
    return {kind: label for app in capabilities() for kind, label in app.audit_kinds.items()}


@cache
def notice_kinds() -> dict[str, NoticeKind]:
    """Every kind of notice to members (tenants/notices.py)."""
    kinds = [(kind, each) for app in capabilities() for kind, each in app.notice_kinds.items()]
    return dict(sorted(kinds, key=lambda pair: pair[1].order))


@cache
def viewer_facts() -> dict[str, Callable[[], Any]]:
    """What apps load together with the signed-in member: the name, and a function that returns the expression."""
    return {name: import_string(dotted) for app in capabilities() for name, dotted in app.viewer_facts.items()}


@cache
def census() -> dict[str, Callable[[], int]]:
    """Figures of an organisation for its operators: the name, and a function that counts in the current one."""
    return {name: import_string(dotted) for app in capabilities() for name, dotted in app.census.items()}


@cache
def allowances() -> dict[str, Allowance]:
    """What an organisation may have a limited number of, by name (tenants/allowances.py)."""
    found = [(name, each) for app in capabilities() for name, each in app.allowances.items()]
    return dict(sorted(found, key=lambda pair: pair[1].order))


@cache
def functions(hook: str) -> tuple[Callable[..., Any], ...]:
    """The functions that apps name in an attribute, such as "allows"."""
    return tuple(import_string(getattr(app, hook)) for app in capabilities() if getattr(app, hook))


@cache
def not_for_support() -> tuple[str, ...]:
    """Names of addresses that are closed to an operator who is signed in as a member. "mfa_*" stands for several."""
    return tuple(name for app in capabilities() for name in app.not_for_support)


@cache
def exports() -> dict[str, str]:
    """What apps say of their data, by the name of a model or a field: "mine", "mentions me", "not mine", "secret"."""
    return {name: word for app in capabilities() for name, word in app.exports.items()}


@cache
def row_names() -> dict[str, Any]:
    """What owners call the rows of a model, by its label."""
    return {label: name for app in capabilities() for label, name in app.row_names.items()}


@cache
def row_words() -> dict[str, tuple[str, ...]]:
    """The attributes by which people recognise a row of a model, by its label."""
    return {label: names for app in capabilities() for label, names in app.row_words.items()}


def urls(site: str) -> list[URLResolver]:
    """The URLs of an attribute, such as "tenant_urls": each app's URLconf under its own prefixes."""
    return [path("", include(getattr(app, site))) for app in capabilities() if getattr(app, site)]


def call(hook: str, *arguments: Any) -> list[Any]:
    """Call the functions that apps name in an attribute, such as "before_run", and return their results."""
    return [import_string(getattr(app, hook))(*arguments) for app in capabilities() if getattr(app, hook)]


def tell(hook: str, function: str, *arguments: Any) -> None:
    """Call this function of the modules that apps name in an attribute, such as "serving", where they have it."""
    for app in capabilities():
        if getattr(app, hook):
            getattr(import_module(getattr(app, hook)), function, lambda *_: None)(*arguments)


def _in_order(entries: Iterator[Any]) -> tuple[Any, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.order))
