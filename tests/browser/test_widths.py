"""Every field has its longest value, and no page is wider than the screen: from the smallest phone, and zoomed in.

In the suite, each page is looked at for that in tests/browser/test_pages.py, with the demo's values.
"""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django_tenants.routers import TenantSyncRouter
from psycopg.sql import SQL, Identifier

from config import brand
from config.bundled.server import Server
from tests.browser.conftest import Person, Product
from tests.browser.test_pages import pages

# The last is also what 1280 pixels are at 200 %, and the first what they are at 400 %.
WIDTHS = [320, 768, 390, 1024, 1280, 640]
# What people type freely. One word without an end is what fits worst.
TYPED = {"first_name", "last_name", "bio", "location", "pronouns", "message", "text"}
EMAIL = f"{'w' * 64}@{'w' * 63}.{'w' * 63}.{'w' * 53}.example"
MORE = """
UPDATE profiles_user SET email = %(email)s WHERE role = 'owner';
UPDATE account_emailaddress SET email = %(email)s WHERE user_id = (SELECT min(id) FROM profiles_user);
UPDATE profiles_user SET username = repeat('w', 150), email = overlay(%(email)s PLACING 'v' FROM 1)
WHERE id = (SELECT min(id) FROM profiles_user WHERE role = 'reader');
UPDATE profiles_user SET first_name = repeat('محمد ', 30), is_active = false WHERE role = 'editor';
INSERT INTO profiles_invitation (email, role, message, nonce, created, expires, invited_by_id)
SELECT %(email)s, 'editor', '', '', now(), now() + interval '1 day', min(id) FROM profiles_user
"""
# What sticks out, in words. Menus are open: they must fit too. What is hidden from sight is one pixel wide.
FAULTS = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const screen = document.documentElement.clientWidth;
  const name = (element) => `${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`;
  const isSeen = (element) => element.getBoundingClientRect().width > 1 && element.checkVisibility();
  const sticksOut = (element) => {
    const box = element.getBoundingClientRect();
    return box.right > screen + 1 || box.left < -1;
  };
  const isCut = (element) => element.matches("button, .button") && element.scrollWidth > element.clientWidth + 1;
  const controls = [...document.querySelectorAll("button, .button, input, select, textarea, summary, .menu__list")];
  const faults = controls.filter((each) => isSeen(each) && (sticksOut(each) || isCut(each)));
  if (document.documentElement.scrollWidth > screen)
    faults.push(...[...document.querySelectorAll("main *, header *, footer *")].filter(sticksOut).slice(0, 2));
  return [...new Set(faults.map(name))];
}"""


def longest() -> Iterator[tuple[str, str, int]]:
    """Table, column and length of each field that people type freely."""
    listed = TenantSyncRouter()
    for model in apps.get_models():
        if not listed.app_in_list(model._meta.app_label, settings.TENANT_APPS):
            continue
        for field in model._meta.local_concrete_fields:
            is_ours = not model.__module__.startswith("tests.")  # the product runs without those
            if is_ours and field.name in TYPED and isinstance(field, models.CharField | models.TextField):
                yield model._meta.db_table, str(field.column), field.max_length or 2000


@pytest.fixture
def crammed(product: Product) -> str:
    """An organisation of the demo, of whose people every field is full."""
    server = Server(product.data / "postgres")
    with psycopg.connect(**server.parameters(brand.SLUG), cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(f"SET ROLE {brand.SLUG}_owner")
        name = "UPDATE tenants_tenant SET name = repeat('W', 100) WHERE slug = 'globex' RETURNING schema_name"
        [(schema,)] = connection.execute(name).fetchall()
        connection.execute("SELECT set_config('search_path', %s, true)", [schema])
        for table, column, length in longest():
            cram = SQL("UPDATE {} SET {} = repeat('W', %s)").format(Identifier(table), Identifier(column))
            connection.execute(cram, [length])
        connection.execute(MORE, {"email": EMAIL})
    return "globex"


@pytest.mark.slow
@pytest.mark.parametrize("viewport", ["desktop"], indirect=True)
def test_nothing_is_wider_than_the_screen(new_person: Callable[..., Person], crammed: str) -> None:
    owner = new_person()
    owner.sign_in(crammed, "owner")
    found = [fault for path in pages("owner") for fault in faults(owner, crammed, path)]
    assert found == [], "\n".join(found)


def faults(person: Person, slug: str, path: str) -> list[str]:
    """What is wrong with a page at any of the widths. It is loaded once."""
    person.open(slug, path)
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 800})
        found += [f"{path} at {width}: {fault}" for fault in person.page.evaluate(FAULTS)]
    return found
