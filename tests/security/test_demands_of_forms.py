"""What the suite demands of developers who add a form: a bound for each field, and one act for two clicks."""

import importlib
import pkgutil
from collections.abc import Iterator

from django import forms
from django.apps import apps
from django.urls import resolve

from profiles.testing.installed import is_of_an_app_that_is_out
from shared.capabilities.registry import capabilities
from tests.security.attack import place, read_forms
from tests.security.test_demands import PACKAGES, ROOT, assert_none

BOUND = (
    "{} takes text without end, {}. Give the field a max_length (or the model's field), so that no one stores, hashes "
    "or compares a megabyte."
)
# The admin writes them into a field of text. They are parsed, and what is no date is refused.
DATES = {"birth_date"}
UNBOUNDED = ("text", "textarea", "password", "email", "tel", "url", "search")


def unbounded_fields(form: type[forms.BaseForm]) -> list[str]:
    return [
        BOUND.format(f"{form.__module__}.{form.__qualname__}.{name}", "as its class says")
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.CharField) and field.max_length is None
    ]


def our_forms() -> list[type[forms.BaseForm]]:
    # No one imports operations while the API is not installed.
    alone = set() if apps.is_installed("profiles.api") else {each.api for each in capabilities()}
    # Nothing in config is a form, and some of its modules start what they are named after.
    for package in set(PACKAGES) - {"config"}:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            is_out = any(is_of_an_app_that_is_out(folder) for folder in ROOT.joinpath(*module.name.split(".")).parents)
            is_left_out = is_out or module.name in alone or {"migrations", "management"} & set(module.name.split("."))
            if not is_left_out:
                importlib.import_module(module.name)
    return [each for each in subclasses(forms.BaseForm) if each.__module__.split(".")[0] in PACKAGES]


def subclasses(base: type) -> Iterator[type]:
    each: type
    for each in base.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_field_of_our_forms_has_a_bound():
    from profiles.sign_in.account import Bounded

    found = our_forms()
    assert len(found) > 10
    assert_none([words for form in found if not issubclass(form, Bounded) for words in unbounded_fields(form)])


def test_every_field_on_every_page_has_a_bound(acme):
    """allauth's and the admin's too, as the page tells the browser."""
    lacking = [
        BOUND.format(f"The field {field.name!r}", f"on {found.path}")
        for found in read_forms(acme)
        for field in found.form.fields
        if found.form.method == "post" and field.kind in UNBOUNDED and not field.bound and field.name not in DATES
    ]
    assert_none(lacking)


def test_a_field_without_one_is_noticed():
    class Order(forms.Form):
        wishes = forms.CharField(widget=forms.Textarea)
        number = forms.CharField(max_length=10)

    [words] = unbounded_fields(Order)
    assert "Order.wishes takes text without end" in words
    assert "max_length" in words


# Views whose forms may be sent twice without harm, and why.
REPEATABLE = {
    "the same values are saved again": """
        account_change_password admin:profiles_user_change api_settings appearance edit_custom_field edit_profile
        edit_scim edit_welcome fill_in_custom_fields invitation_list joining notice_preferences preferences privacy
        read_all_notices settings sign_in_settings support_access
    """,
    "signed in, signed out, or written to, within limits": """
        account_login account_logout account_reauthenticate account_reset_password find mail_code mfa_login_webauthn
    """,
    "done once in another way, tested with it": "new_api_service new_api_token new_scim_token sign_up",
    "the second click finds no member, or no organisation": "delete_organisation leave",
    "each click is a step, up or down": "move_custom_field",
    "a hidden form, whose buttons have addresses of their own": "people deactivated",
}
UNDECIDED = "The view {} takes a form that may be sent twice. Decorate it with @once, or say in REPEATABLE why not."


def test_each_form_that_makes_something_makes_it_once(acme):
    """Or else its second click would be a second act."""
    sites = {"public": "config.public_urls", "organisation": "config.tenant_urls"}
    repeatable = {name for names in REPEATABLE.values() for name in names.split()}
    seen = set()
    for found in read_forms(acme):
        match = resolve(place(found.form, found.path), sites[found.site])
        if found.form.method == "post" and getattr(match.func, "does_once", False):
            seen.add(match.view_name)
            assert "once" in found.form.names, str(found)
        elif found.form.method == "post":
            assert match.view_name in repeatable, UNDECIDED.format(match.view_name)
    invitations = {"invite", "resend_invitation", "revoke_invitation", "accept_invitation"}
    members = {"change_role", "deactivate", "reactivate", "remove", "account_email"}
    assert seen >= invitations | members
