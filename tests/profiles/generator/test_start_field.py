"""manage.py start_field: what it takes, what it refuses in a sentence, and that it writes all or nothing.

That what it writes passes all gates is shown by `make test-feature`.
"""

import pytest
from django.core.management import CommandError, call_command

from config.product import ADDED
from profiles.generator.extending import EXTENDABLE, MARKER, Extension, extend, read
from profiles.generator.fields import KINDS, BadField
from profiles.generator.writing import write
from profiles.testing import queries

PROFILE = EXTENDABLE["profile"]


@pytest.fixture
def root(settings, tmp_path):
    """A product's folder, empty but for config/product.py."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "product.py").write_text("ADDED: list[str] = []\n")
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["nickname"], "has no known type"),
        (["Nickname:char"], "cannot be the name of a field"),
        (["profile:char"], "cannot be the name of a field"),
        (["boss:user"], "no field here can have the type user"),
        (["nickname:char", "nickname:text"], "is given twice"),
    ],
)
def test_fields_that_cannot_be_are_refused(fields, words):
    with pytest.raises(BadField, match=words):
        Extension(app="extras", fields=read(fields))


@pytest.mark.parametrize("name", ["../extras", "My-extras", "json", "profiles", "welcome"])
def test_a_name_that_cannot_be_is_refused(root, name):
    with pytest.raises(CommandError, match=r"name of an app|Choose another one"):
        call_command("start_field", "profile", "nickname:char", app=name)
    assert [path.name for path in root.iterdir()] == ["config"]


@pytest.mark.parametrize(("model", "name"), [("profile", "bio"), ("user", "role"), ("tenant", "slug")])
def test_a_name_that_the_model_has_already_is_refused(root, model, name):
    with pytest.raises(CommandError, match=f"A {model} has something with the name '{name}' already"):
        call_command("start_field", model, "nickname:char", app=name)
    assert [path.name for path in root.iterdir()] == ["config"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_may_be_left_empty(kind):
    [line] = Extension(app="extras", fields=read([f"one:{kind}"])).lines.splitlines()
    assert "blank=True" in line or "BooleanField" in line


@pytest.mark.parametrize("model", EXTENDABLE)
def test_where_a_step_fails_nothing_stays(root, model):
    """There is no manage.py here, so no migration can be made."""
    app = EXTENDABLE[model].app
    if app in ADDED:
        pytest.skip("This product has the app already.")
    before = (root / "config" / "product.py").read_text()
    with pytest.raises(CommandError, match="makemigrations"):
        call_command("start_field", model, "nickname:char")
    assert not (root / app).exists()
    assert (root / "config" / "product.py").read_text() == before


def test_where_a_step_fails_the_model_stays_as_it_was(root):
    (root / "extras").mkdir()
    before = f'models.OneToOneField("profiles.Profile")\n{MARKER}'
    (root / "extras" / "models.py").write_text(before)
    with pytest.raises(CommandError, match="makemigrations"):
        call_command("start_field", "profile", "nickname:char")
    assert (root / "extras" / "models.py").read_text() == before
    with pytest.raises(CommandError, match=r"fields of another model\. Name another app, as in --app user_extras"):
        call_command("start_field", "user", "number:char", app="extras")


def test_later_fields_stand_below_the_first_ones(tmp_path):
    write(Extension(app="extras", fields=read(["nickname:char"])), "profile", tmp_path / "extras")
    models = tmp_path / "extras" / "models.py"
    extend(Extension(app="extras", fields=read(["born:date"])), PROFILE, models)
    text = models.read_text()
    assert 0 < text.index("    nickname = ") < text.index("    born = ") < text.index(MARKER)
    with pytest.raises(BadField, match="has a field 'born' already"):
        extend(Extension(app="extras", fields=read(["born:date"])), PROFILE, models)
    assert models.read_text() == text


def test_a_model_without_the_line_is_not_guessed_at(tmp_path):
    models = tmp_path / "models.py"
    models.write_text('class Extras: "profiles.Profile"\n')
    with pytest.raises(BadField, match="by hand"):
        extend(Extension(app="extras", fields=read(["born:date"])), PROFILE, models)


@pytest.mark.parametrize("skeleton", [kind.skeleton for kind in EXTENDABLE.values()])
def test_no_placeholder_stays(tmp_path, skeleton):
    one = Extension(app="more_facts", fields=read([f"a_{kind}:{kind}" for kind in KINDS]))
    for path in write(one, skeleton, tmp_path / "more_facts"):
        assert not [word for word in one.words if word in path.read_text() + path.name], path


def test_its_statements_are_counted_on_every_page_of_a_profile(tmp_path):
    app = tmp_path / "extras"
    write(Extension(app="extras", fields=read(["nickname:char"])), "profile", app)
    lines = (app / "testing" / "queries.txt").read_text().splitlines()
    counted = {line.split()[0] for line in lines if line.endswith(" +1")}
    addresses = {page.address for _, page in queries.own()}
    assert counted == {each for each in addresses if each.startswith(("person(", "edit_profile("))}
