"""Adds fields to the profile in an app of the product: the first call writes the app, later calls extend it."""

from dataclasses import dataclass
from pathlib import Path

from profiles.generator.fields import USER, BadField, Field, check_app, field

MARKER = "    # manage.py start_field adds fields above this line.\n"
# Names that the app's model uses already.
KEPT = {"profile", "own_fields"}


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
            raise BadField(f"{each.name}: a profile belongs to a user already, so no field can have the type user.")
        if each.name in KEPT:
            raise BadField(f"{each.name!r} cannot be the name of a field here. Choose another one.")
    return fields


def extend(extension: Extension, models: Path) -> None:
    """Add the fields to the model. If that is impossible, raises BadField and changes nothing."""
    text = models.read_text()
    if text.count(MARKER) != 1:
        raise BadField(f"{models.name} has no line {MARKER.strip()!r}. Add the fields by hand.")
    for each in extension.fields:
        if f"\n    {each.name} = " in text:
            raise BadField(f"{models.name} has a field {each.name!r} already.")
    models.write_text(text.replace(MARKER, extension.lines + MARKER))
