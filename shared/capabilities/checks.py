"""System checks: everything that an app registers by name exists."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from shared.capabilities.base import Capability
from shared.capabilities.registry import capabilities, rights

AREAS = ("navigation", "public_navigation", "account_pages", "settings_pages", "operator_pages", "first_steps")
# On which site the links of these lead somewhere; of all others, on each organisation's.
URLCONFS = {
    "public_navigation": settings.PUBLIC_SCHEMA_URLCONF,
    "navigation": settings.OPERATORS_URLCONF,  # has those of every organisation too
    "operator_pages": settings.OPERATORS_URLCONF,
}
FUNCTIONS = (
    *("people_columns", "allows", "without_seat", "plan_of", "demo", "before_run", "after_import", "reencrypt"),
    *("announce", "before_production", "owns_address"),
)


@register
def check_capabilities(*, app_configs: Sequence[AppConfig] | None, **_others: Any) -> list[CheckMessage]:
    """Returns an error for each mistake, with the app and the registered name."""
    return [
        Error(f"{app.name} registers {problem}", hint="See docs/capabilities.md.", id="shared.E001")
        for app in capabilities()
        if app_configs is None or app in app_configs
        for problem in problems(app)
    ]


def problems(app: Capability) -> Iterator[str]:
    yield from missing_functions(app)
    yield from missing_models(app)
    yield from missing_fields(app)
    yield from missing_templates(app)
    yield from missing_files(app)
    yield from rights_of_others(app)
    yield from broken_links(app)


def missing_functions(app: Capability) -> Iterator[str]:
    placed = [slot.context for slots in app.slots.values() for slot in slots]
    hooks = [getattr(app, hook) for hook in FUNCTIONS]
    classes = [*app.outer_middleware, *app.middleware, *app.authentication_backends, *app.profile_forms]
    steps = [step.done for step in app.first_steps]
    named = [*app.rights.values(), *app.viewer_facts.values(), *app.census.values()]
    of_schemas = [
        *app.on_switch,
        *app.sizes_elsewhere,
        *app.around_schema_changes,
        *app.steps_apart,
        *app.expected_differences,
        *app.migration_notes,
        *app.around_jobs,
        *app.findings,
    ]
    named += [allowance.used for allowance in app.allowances.values()]
    named += [field.say for field in app.audit_fields.values()]
    named += [dotted for mark in app.member_marks for dotted in (mark.of, mark.badge)]
    for dotted in filter(None, [*named, *hooks, *placed, *steps, *classes, *of_schemas]):
        if not callable(found(dotted)):
            yield f"{dotted!r}, and there is no such {'class' if dotted in classes else 'function'}."
    added = (
        *app.people_filters,
        *app.invitation_columns,
        *app.bulk_actions,
        *app.operator_actions,
        *app.operator_filters,
        *app.operator_columns,
        *app.sign_in_checks,
        *app.join_rules,
    )
    for dotted in added:
        if found(dotted) is None:
            yield f"{dotted!r}, and there is no such object."
    for dotted in filter(None, (app.api, app.serving)):
        if not is_module(dotted):
            yield f"{dotted!r}, and there is no such module."


def missing_models(app: Capability) -> Iterator[str]:
    for label in (*app.same_rows, *app.row_names, *app.row_words, *app.audit_models.values()):
        try:
            apps.get_model(label)
        except (LookupError, ValueError):
            yield f"rows of {label!r}, and there is no such model."


def missing_fields(app: Capability) -> Iterator[str]:
    for label, names in app.row_words.items():
        with suppress(LookupError, ValueError):  # missing_models() names it
            model = apps.get_model(label)
            gone = (name for name in names if not hasattr(model, name))
            yield from (f"the attribute {name!r} of {label!r} in `row_words`, which is not there." for name in gone)
    for name in app.exports:
        label, _, field = name.rpartition(".") if name.count(".") > 1 else (name, "", "")
        try:
            model = apps.get_model(label)
            if field:
                model._meta.get_field(field)
        except (LookupError, ValueError, FieldDoesNotExist):
            yield f"a word about {name!r} in `exports`, and there is no such {'field' if field else 'model'}."


def missing_templates(app: Capability) -> Iterator[str]:
    for slot in (slot for slots in app.slots.values() for slot in slots):
        try:
            get_template(slot.template)
        except TemplateDoesNotExist:
            yield f"the template {slot.template!r}, which is not there."


def missing_files(app: Capability) -> Iterator[str]:
    for name in (*app.css, *app.js):
        if not find(name):
            yield f"the static file {name!r}, which is not there."


def rights_of_others(app: Capability) -> Iterator[str]:
    for other in capabilities():
        if other.name != app.name:
            for right in sorted(set(app.rights) & set(other.rights)):
                yield f"the right {right!r}, which {other.name} registers too. Give it another name."


def broken_links(app: Capability) -> Iterator[str]:
    for area in AREAS:
        urlconf = URLCONFS.get(area, settings.ROOT_URLCONF)
        for link in getattr(app, area):
            if not reverses(link.url_name, urlconf):
                yield f"a link to {link.url_name!r}, and no address has that name."
            if getattr(link, "may", "") and link.may not in rights():
                yield f"a link for those who may {link.may!r}, and no app has such a right."
    for name, kind in app.notice_kinds.items():
        if kind.url_name and not reverses(kind.url_name, settings.ROOT_URLCONF):
            yield f"notices {name!r} that lead to {kind.url_name!r}, and no address has that name."
        if kind.may and kind.may not in rights():
            yield f"notices {name!r} for those who may {kind.may!r}, and no app has such a right."


def is_module(dotted: str) -> bool:
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:  # of a package above it
        return False


def found(dotted: str) -> Any:
    try:
        return import_string(dotted)
    except ImportError:
        return None


def reverses(name: str, urlconf: str) -> bool:
    try:
        return bool(reverse(name, urlconf=urlconf))
    except NoReverseMatch:
        return False
