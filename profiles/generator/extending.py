"""Adds fields to a model of upstream's in an app of the product: the first call writes the app, others extend it."""

from dataclasses import dataclass
from pathlib import Path

from profiles.generator.fields import USER, BadField, Field, check_app, field

MARKER = "    # manage.py start_field adds fields above this line.\n"
# Names that the apps' models use already.
KEPT = {"profile", "user", "tenant", "own_fields"}
# What models take where that is not what a form sends.
VALUES: dict[str, object] = {"boolean": True, "datetime": "2030-01-31T12:00+00:00"}


@dataclass(frozen=True)
class Extendable:
    """A model that can have more fields: its skeleton, the usual name of the app, and how the app's model names it."""

    skeleton: str
    app: str
    named: str


EXTENDABLE = {
    "profile": Extendable("profile", "extras", '"profiles.Profile"'),
    "user": Extendable("user", "user_extras", "settings.AUTH_USER_MODEL"),
    "tenant": Extendable("organisation", "tenant_extras", '"tenants.Tenant"'),
}


@dataclass(frozen=True, kw_only=True)
class Extension:
    """The names and fields that fill in the skeletons. Raises BadField for invalid names."""

    app: str
    fields: list[Field]

    def __post_init__(self) -> None:
        check_app(self.app, like="extras")
        names = [each.name for each in self.fields]
        if twice := {name for name in names if names.count(name) > 1}:
            raise BadField(f"{', '.join(sorted(twice))} is given twice.")

    @property
    def words(self) -> dict[str, str]:
        first = self.fields[0]
        return {
            "__app__": self.app,
            "__plural__": self.app.replace("_", " "),
            "__Config__": "".join(part.capitalize() for part in self.app.split("_")),
            "__form__": self.app + "-" + self.app.replace("_", ""),
            "__table__": self.app + "_" + self.app.replace("_", ""),
            "__first__": first.name,
            "__FIELDS__": self.lines.rstrip("\n"),
            "__TYPED__": repr({each.name: each.kind.typed for each in self.fields}),
            "__VALUES__": repr({each.name: VALUES.get(each.type, each.kind.typed) for each in self.fields}),
        }

    @property
    def lines(self) -> str:
        """The fields as lines of the model."""
        return "".join(f"{each.optional_line}\n" for each in self.fields)


def read(texts: list[str]) -> list[Field]:
    """The fields of `name:type`. Raises BadField."""
    fields = [field(text) for text in texts]
    for each in fields:
        if each.type == USER:
            raise BadField(f"{each.name}: no field here can have the type user. A profile belongs to one already.")
        if each.name in KEPT:
            raise BadField(f"{each.name!r} cannot be the name of a field here. Choose another one.")
    return fields


def extend(extension: Extension, kind: Extendable, models: Path) -> None:
    """Add the fields to the model. If that is impossible, raises BadField and changes nothing."""
    text = models.read_text()
    if kind.named not in text:
        raise BadField(f"{extension.app}/ has fields of another model. Name another app, as in --app {kind.app}.")
    if text.count(MARKER) != 1:
        raise BadField(f"{models.name} has no line {MARKER.strip()!r}. Add the fields by hand.")
    for each in extension.fields:
        if f"\n    {each.name} = " in text:
            raise BadField(f"{models.name} has a field {each.name!r} already.")
    models.write_text(text.replace(MARKER, extension.lines + MARKER))
