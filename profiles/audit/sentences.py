"""An entry as sentences in the reader's language: the entry itself stores codes of kinds and fields."""

from profiles.audit.changes import Change
from profiles.audit.models import Entry, by, touching
from profiles.sign_in.user_agents import in_words
from shared.capabilities.registry import audit_kinds


class Row:
    """An entry for a template."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    @property
    def what(self) -> str:
        """If the app has been taken out since: the code of the kind."""
        return str(audit_kinds().get(self.entry.kind, self.entry.kind))

    @property
    def who(self) -> str:
        return self.entry.actor_name or str(self.entry.get_actor_display())

    @property
    def who_term(self) -> str:
        return by(self.entry.actor_id) if self.entry.actor_id else ""

    @property
    def browser(self) -> str:
        return in_words(self.entry.user_agent) if self.entry.user_agent else ""

    @property
    def objects(self) -> list[tuple[str, str]]:
        """The objects' names, each with the terms that find all entries about it. No actor, no duplicates, and none
        that is the label of a change.
        """
        shown = [each for each in self.entry.about if each["id"] not in self.entry.changes]
        named = {each["name"]: touching(each["type"], each["id"]) for each in reversed(shown)}
        return [(name, term) for name, term in reversed(named.items()) if name and name != self.entry.actor_name]

    @property
    def changes(self) -> list[tuple[str, tuple[str, str] | None]]:
        """Each with the label of its field, and the labels of its values; None where values are not stored."""
        entry = self.entry
        known = {name: Change(entry.kind, entry.about, name) for name in entry.changes}
        return [
            (known[name].label, None if values is None else (known[name].say(values[0]), known[name].say(values[1])))
            for name, values in entry.changes.items()
        ]
