"""Capability: an AppConfig whose class attributes declare what the app adds to the product.

An `apps.py` may import only this module: the settings import it before models can be loaded.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Literal

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared.capabilities.mistakes import unknown_names, wrong_types

# Places in templates where an app may add content: {% slot "home" %}.
SLOTS = frozenset(
    {
        *("head", "header", "home", "landing", "person", "members", "member_row", "settings", "sign_in", "banner"),
        *("security", "suspended", "members_settings", "news", "invite", "removal", "list_pick", "list_bar", "join"),
        *("address", "menu", "landing_known", "sign_in_first", "sign_in_instead"),
    }
)
# Headings in the lists of settings and of account pages, in this order.
GROUPS: dict[str | Promise, Promise] = {
    "organisation": _("Organisation"),
    "profile": _("Profile"),
    "sign-in": _("Sign-in"),
    "security": _("Sign-in and security"),
    "people": _("People"),
    "integrations": _("Integrations"),
    "data": _("Data and access"),
}
# How an app classifies its data for exports: a field that points to a person, another field, or a model.
MINE, MENTIONS_ME, NOT_MINE, SECRET = EXPORTED = ("mine", "mentions me", "not mine", "secret")
# Modules that connect or register something on import, once all models are loaded. procrastinate finds `tasks` itself.
MODULES = ("receivers", "checks", "nightly")


# Attributes of Django's AppConfig: https://docs.djangoproject.com/en/5.2/ref/applications/#configurable-attributes
OF_DJANGO = ("name", "label", "verbose_name", "path", "default_auto_field")


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry of a navigation. Entries are sorted by `order`; our own have 10, 20, 30 and so on."""

    url_name: str
    label: str | Promise
    may: str = ""  # the right that the viewer needs, as in `may.manage_members`
    order: int = 50
    exact: bool = False  # current on its own page only, not on pages below it
    also: tuple[str, ...] = ()  # names of other URLs on and below which it is current
    icon: str = ""  # one of shared/templates/shared/icons.svg
    group: str | Promise = ""  # in account_pages and settings_pages: one of GROUPS, or a heading of your own
    tab: str | Promise = ""  # in account_pages: a shorter label, for the list beside them
    menu: bool = False  # in account_pages: also in the menu under the member's name


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A template for a place in a page.

    `context` is the dotted name of a function that takes the page's context (django.template.Context) and returns a
    dict for the template, or None if there is nothing to show.
    """

    template: str
    context: str = ""
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the first steps of a new owner.

    `done` is the dotted name of a function that takes the viewer. It returns a bool, or Exists(…), which is queried
    together with those of all other steps. `may` is a right that the viewer needs.
    """

    label: str | Promise
    url_name: str
    done: str
    may: str = ""
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A kind of notice to members (tenants/notices.py): what it says, where it leads, and how it arrives by default.

    `sentence` has placeholders for the words that notify() is given: "%(member)s joined". `url_name` is the page that
    it leads to; without it, the page of what it is about (get_absolute_url()).
    """

    sentence: str | Promise
    label: str | Promise = ""  # what happens, for the page where members choose; "" if there is no choice
    url_name: str = ""
    shown: bool = True  # in the product
    mail: Literal["soon", "daily", "never"] = "daily"
    may: str = ""  # the right of those who can receive it at all
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class AuditField:
    """What the activity log calls a value that emit() is given, where no field of a model says it.

    `say` is the dotted name of a function that takes a stored value and returns it in words for people.
    """

    label: str | Promise
    say: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is true of some members only: a choice in the filter of the list of people, for those who manage members.

    `of` is the dotted name of a function that returns a condition on users (Q or Exists). `badge` names one for those
    who have a badge in the list: exceptions only. Both are part of the list's own statement.
    """

    name: str  # in addresses
    label: str | Promise
    of: str
    badge: str = ""
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What an organisation may have a limited number of (tenants/allowances.py).

    `used` is the dotted name of a function that counts in the current organisation how many it has.
    `otherwise` is the setting that holds where no plan says a number; without it there is no limit.
    """

    label: str | Promise
    unit: Literal["number", "bytes", "days"] = "number"
    used: str = ""
    otherwise: str = ""
    order: int = 50


class Capability(AppConfig):
    """An app that registers itself. docs/capabilities.md describes each attribute, with an example.

    Defining a class with an unknown attribute, or one of a wrong type, raises ImproperlyConfigured.
    """

    default = False  # Django must choose the subclass in `apps.py`, not this class

    # --- How it is installed ---
    lives_in: ClassVar[Literal["tenant", "public"]] = "tenant"
    requires: ClassVar[tuple[str, ...]] = ()
    libraries: ClassVar[tuple[str, ...]] = ()
    outer_middleware: ClassVar[tuple[str, ...]] = ()
    middleware: ClassVar[tuple[str, ...]] = ()
    authentication_backends: ClassVar[tuple[str, ...]] = ()
    lanes: ClassVar[dict[str, dict[str, Any]]] = {}
    # Rate limits (setting LIMITS): each action, and how many an address, a mailbox or a member may do within how many
    # seconds.
    limits: ClassVar[dict[str, dict[str, tuple[int, int]]]] = {}
    around_jobs: ClassVar[tuple[str, ...]] = ()
    on_switch: ClassVar[tuple[str, ...]] = ()
    migration_notes: ClassVar[tuple[str, ...]] = ()
    steps_apart: ClassVar[tuple[str, ...]] = ()
    around_schema_changes: ClassVar[tuple[str, ...]] = ()

    # --- Data ---
    # Models, such as "sites.Site", whose rows made by migrations are identical in every organisation.
    same_rows: ClassVar[tuple[str, ...]] = ()
    expected_differences: ClassVar[tuple[str, ...]] = ()
    sizes_elsewhere: ClassVar[tuple[str, ...]] = ()
    # Folders of an organisation's files whose contents are made again when they are wanted, and soon deleted.
    temporary_folders: ClassVar[tuple[str, ...]] = ()

    # --- Pages ---
    tenant_urls: ClassVar[str] = ""
    public_urls: ClassVar[str] = ""
    operator_urls: ClassVar[str] = ""
    development_urls: ClassVar[str] = ""
    navigation: ClassVar[tuple[Link, ...]] = ()
    public_navigation: ClassVar[tuple[Link, ...]] = ()
    account_pages: ClassVar[tuple[Link, ...]] = ()
    settings_pages: ClassVar[tuple[Link, ...]] = ()
    operator_pages: ClassVar[tuple[Link, ...]] = ()
    slots: ClassVar[dict[str, tuple[Slot, ...]]] = {}
    css: ClassVar[tuple[str, ...]] = ()
    js: ClassVar[tuple[str, ...]] = ()
    first_steps: ClassVar[tuple[Step, ...]] = ()
    profile_forms: ClassVar[tuple[str, ...]] = ()
    people_filters: ClassVar[tuple[str, ...]] = ()
    invitation_columns: ClassVar[tuple[str, ...]] = ()
    bulk_actions: ClassVar[tuple[str, ...]] = ()
    viewer_facts: ClassVar[dict[str, str]] = {}
    member_marks: ClassVar[tuple[Mark, ...]] = ()
    people_columns: ClassVar[str] = ""
    sign_in_checks: ClassVar[tuple[str, ...]] = ()
    join_rules: ClassVar[tuple[str, ...]] = ()
    owns_address: ClassVar[str] = ""

    # --- Rules, and what other capabilities ask for ---
    rights: ClassVar[dict[str, str]] = {}
    audit_kinds: ClassVar[dict[str, str | Promise]] = {}
    audit_fields: ClassVar[dict[str, AuditField]] = {}
    audit_models: ClassVar[dict[str, str]] = {}
    notice_kinds: ClassVar[dict[str, NoticeKind]] = {}
    census: ClassVar[dict[str, str]] = {}
    allowances: ClassVar[dict[str, Allowance]] = {}
    allows: ClassVar[str] = ""
    without_seat: ClassVar[str] = ""
    plan_of: ClassVar[str] = ""
    findings: ClassVar[tuple[str, ...]] = ()
    operator_actions: ClassVar[tuple[str, ...]] = ()
    operator_filters: ClassVar[tuple[str, ...]] = ()
    operator_columns: ClassVar[tuple[str, ...]] = ()
    not_for_support: ClassVar[tuple[str, ...]] = ()
    exports: ClassVar[dict[str, str]] = {}
    row_names: ClassVar[dict[str, str | Promise]] = {}
    # Attributes of a model, by its label, that say which row it is.
    row_words: ClassVar[dict[str, tuple[str, ...]]] = {}
    api: ClassVar[str] = ""

    # --- Commands ---
    demo: ClassVar[str] = ""
    before_run: ClassVar[str] = ""
    after_import: ClassVar[str] = ""
    reencrypt: ClassVar[str] = ""
    announce: ClassVar[str] = ""
    before_production: ClassVar[str] = ""
    serving: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.default = cls.__dict__.get("default", True)
        known = {name for parent in Capability.__mro__ for name in vars(parent)} | set(OF_DJANGO)
        for mistake in (*unknown_names(vars(cls), known), *wrong_types(vars(cls), Capability.__annotations__)):
            raise ImproperlyConfigured(f"{cls.__module__}: {mistake}")
        for name in set(cls.slots) - SLOTS:
            raise ImproperlyConfigured(
                f"{cls.__module__}: no template has a slot {name!r}. The slots are {', '.join(sorted(SLOTS))}."
            )
        for name, word in cls.exports.items():
            if word not in EXPORTED:
                raise ImproperlyConfigured(
                    f"{cls.__module__}: {name} is {word!r} in `exports`. The words are: {', '.join(EXPORTED)}."
                )

    @classmethod
    def settings(cls, env: Any) -> dict[str, Any]:
        """The capability's settings, by name. `env` reads the environment: `env.str("STRIPE_KEY", "")`."""
        return {}

    @classmethod
    def storages(cls, env: Any) -> dict[str, Any]:
        """Entries of Django's STORAGES of its own, by alias."""
        return {}

    def ready(self) -> None:
        """Import the modules that register something on import. An app that overrides this calls super()."""
        for module in MODULES:
            if find_spec(f"{self.name}.{module}"):
                import_module(f"{self.name}.{module}")
