"""What the suite demands of developers who add a model, a job, a signed token or a form: it says what to do.

Each demand is a function that lists what breaks it, and is tried on a thing that does.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from profiles.testing import facts
from tenants.context import as_owner, public
from tenants.errors import NoTenant
from tenants.tasks import TenantTask

ROOT = Path(__file__).parents[2]
# The product's, and those that will be added to it.
PACKAGES = sorted({each.parent.name for each in ROOT.glob("*/__init__.py")} - {"tests"})


def assert_none(found: list[str]) -> None:
    """What was found says what to do, each in a line."""
    assert not found, "\n".join(found)


# --- Models ---------------------------------------------------------------------------------------------------------

MODEL = (
    "The table {} is in the schema public, which is every organisation's. Rows of organisations belong in their own "
    "schemas: put the app into TENANT_APPS, and not into SHARED_APPS, and drop the table from public. If it is about "
    "the directory of organisations, and not about their members, name it in its app's testing/public_tables.txt."
)


def misplaced_tables() -> list[str]:
    """Tables in `public` that are neither the directory's nor the queue's, with any settings."""
    with public(), connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor))
    return [
        MODEL.format(name)
        for name in sorted(names - set(facts.names("public_tables.txt")))
        if not name.startswith("procrastinate_")
    ]


def test_no_table_is_listed_that_is_not_in_public(db):
    with public(), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    assert_none(
        [
            f"{file} names {name}, which is no table in public."
            for name, file in facts.names("public_tables.txt").items()
            if name not in there
        ]
    )


def lives_in(model, names: list[str]) -> bool:
    return apps.get_app_config(model._meta.app_label).name in names


def test_public_holds_no_table_of_an_organisation(db):
    assert_none(misplaced_tables())


def test_a_table_in_public_is_noticed(db):
    with public(), as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shop_order (id int)")
    assert misplaced_tables() == [MODEL.format("shop_order")]


def test_no_model_of_an_organisation_can_be_read_outside_it(db):
    models = [each for each in apps.get_models(include_auto_created=True) if lives_in(each, settings.TENANT_APPS)]
    assert len(models) > 15
    for model in models:
        with pytest.raises(NoTenant), public(), transaction.atomic():
            model._base_manager.exists()


# --- Jobs -----------------------------------------------------------------------------------------------------------

JOB = (
    "The job {} runs outside all organisations. If it works on an organisation's rows, make it a @tenant_task "
    "(tenants.tasks), which carries the organisation along. If it is about `public` alone, name it in its app's "
    "testing/public_jobs.txt."
)


def jobs_without_tenant(tasks: dict) -> list[str]:
    return [
        JOB.format(name)
        for name, task in tasks.items()
        if not isinstance(getattr(task.func, "__self__", None), TenantTask)
        and task.name not in facts.names("public_jobs.txt")  # also under a name that it had before
        and not name.startswith("builtin:")
        and not name.startswith("procrastinate.")
    ]


def test_every_job_carries_its_organisation():
    assert_none(jobs_without_tenant(app.tasks))


def test_no_job_is_listed_that_is_none():
    listed = facts.names("public_jobs.txt")
    assert_none([f"{file} names {name}, which is no job." for name, file in listed.items() if name not in app.tasks])


def test_a_job_without_one_is_noticed():
    other = App(connector=InMemoryConnector())

    @other.task(name="shop.bill")
    def bill() -> None:
        """A job as procrastinate's tutorial writes it."""

    assert jobs_without_tenant(other.tasks) == [JOB.format("shop.bill")]


# --- Signed tokens --------------------------------------------------------------------------------------------------

SIGNED = (
    "{}:{} signs with {}, whose values are worth the same in every organisation. Use tenants.signing.dumps() and "
    "loads(), which put the organisation into the salt."
)
# What makes something that can be verified elsewhere. Exceptions, and comparing, are free to be used.
SIGNING = {
    "django.core.signing": {"dumps", "loads", "Signer", "TimestampSigner", "get_cookie_signer"},
    "django.core": {"signing"},
    "django.utils": {"crypto"},
    "django.utils.crypto": {"salted_hmac"},
    "django.contrib.auth": {"tokens"},
    "django.contrib.auth.tokens": {"PasswordResetTokenGenerator", "default_token_generator"},
}
LIBRARIES = {"hmac", "itsdangerous", "jwt", "jwcrypto", "joserfc"}
# One of these words is in each file that signs: to parse the others would take a second.
SIGNS = {*LIBRARIES, "signing", "crypto", "tokens", "signed_cookie"}
SIGNED_BY_TENANT = {
    "tenants/signing.py",  # the one that puts the tenant in
    "tenants/once/doing.py",  # the same, with the schema in what is hashed
    "tenants/limits/counting.py",  # keys of rows in public, which never leave the server
    "profiles/models/user.py",  # the session's hash, with the tenant's schema in its salt
    "profiles/mail_codes/models.py",  # the hash of a code, with the schema in what is hashed
    "profiles/backups/vaults.py",  # names of files, by a key that each organisation has for itself
    "profiles/oidc/tokens.py",  # it signs nothing: it checks what an organisation's provider has signed
}


def signing_in(source: str, name: str) -> list[str]:
    """Imports in a module by which something could be signed for all organisations alike."""
    nodes: Iterator[Any] = ast.walk(ast.parse(source if any(word in source for word in SIGNS) else ""))
    return [SIGNED.format(name, node.lineno, what) for node in nodes for what in signers(node)]


def signers(node: Any) -> list[str]:
    """What a piece of code takes that signs."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
        return [name for name in names if name in SIGNING or name.split(".")[0] in LIBRARIES]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        bad = {alias.name for alias in node.names} & (SIGNING.get(module, set()) | {"*"})
        return [module] if module.split(".")[0] in LIBRARIES else [f"{module}.{name}" for name in sorted(bad)]
    is_cookie = isinstance(node, ast.Attribute) and node.attr.endswith("_signed_cookie")
    return ["a signed cookie"] if is_cookie else []


def product() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def test_every_token_is_the_organisations_own():
    found = []
    for path in product():
        name = path.relative_to(ROOT).as_posix()
        if name not in SIGNED_BY_TENANT:
            found += signing_in(path.read_text(), name)
    assert_none(found)


@pytest.mark.parametrize(
    "line",
    [
        "from django.core import signing",
        "import django.core.signing",
        "from django.core.signing import TimestampSigner",
        "from django.utils.crypto import salted_hmac",
        "from django.core.signing import Signer as Seal",
        "from django.utils import crypto",
        "from django.contrib.auth import tokens",
        "from django.contrib.auth.tokens import PasswordResetTokenGenerator",
        "from django.contrib.auth.tokens import default_token_generator",
        "import jwt",
        "response.set_signed_cookie('a', 1)",
    ],
)
def test_a_token_without_one_is_noticed(line):
    [words] = signing_in(f"\n{line}\n", "shop/links.py")
    assert words.startswith("shop/links.py:2 signs with ")
    assert "tenants.signing" in words


def test_what_is_no_signing_is_let_be():
    assert signing_in("from django.core.signing import BadSignature", "a.py") == []


def test_no_library_signs_for_all_organisations():
    assert settings.ACCOUNT_EMAIL_CONFIRMATION_HMAC is False
    assert settings.ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR.startswith("profiles.sign_in.tokens.")
