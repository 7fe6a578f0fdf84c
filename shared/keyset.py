"""Keyset pagination: a page starts at a row, not at an offset, so that page 1,000 is as fast as page 1.

https://use-the-index-luke.com/no-offset
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, QuerySet, TextField, Value

M = TypeVar("M", bound=Model)
# Separates the values of a place. Only the first value may contain it.
SEPARATOR = "~"


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """Some rows of a list, and what `?before=` and `?after=` have to be for its neighbours, if there are any."""

    whole: QuerySet[M]
    rows: list[M]
    before: str | None
    after: str | None
    # Counting more would take longer than showing the page.
    most_counted: ClassVar[int] = 1000

    @cached_property
    def count(self) -> int:
        """The number of rows in the whole list, at most `most_counted` plus one. It takes a query if there are several
        pages.
        """
        if self.before is None and self.after is None:
            return len(self.rows)
        # Keep the order, or PostgreSQL would read the table instead of the index.
        return self.whole[: self.most_counted + 1].count()


def keyset_page(whole: QuerySet[M], asked: Mapping[str, str], size: int) -> KeysetPage[M]:
    """The page of a list that a request names by `before` or `after`; the first page if the value is invalid.

    The list has to be ordered by names of fields or annotations, all ascending or all descending, the last one unique.
    """
    keys = Keys(whole)
    place = keys.place(asked.get("before") or asked.get("after") or "")
    backwards = bool(place and asked.get("before"))
    rows = whole.filter(keys.beyond(place, backwards=backwards)) if place else whole
    found = list((rows.reverse() if backwards else rows)[: size + 1])
    more = len(found) > size
    if place and (not found or (backwards and not more)):
        return keyset_page(whole, {}, size)
    shown = found[:size][::-1] if backwards else found[:size]
    before = keys.text(shown[0]) if place else None
    after = keys.text(shown[-1]) if more or backwards else None
    return KeysetPage(whole, shown, before, after)


def keyset_parts(whole: QuerySet[M], size: int) -> Iterator[list[M]]:
    """All rows of such a list, some at a time. Each part is a statement of its own: a stream holds no cursor."""
    keys = Keys(whole)
    found = list(whole[:size])
    while found:
        yield found
        place = keys.place(keys.text(found[-1]))
        found = list(whole.filter(keys.beyond(place, backwards=False))[:size])


class Keys:
    """The keys by which a list is sorted. A place in the list is the values of these keys."""

    def __init__(self, whole: QuerySet[Any]) -> None:
        order = [str(key) for key in whole.query.order_by or whole.model._meta.ordering]
        self.downwards = order[0].startswith("-")
        self.names = [key.removeprefix("-") for key in order]
        self.fields = [self._field(whole, name) for name in self.names]

    def _field(self, whole: QuerySet[Any], name: str) -> "Field[Any, Any]":
        if annotation := whole.query.annotations.get(name):
            return annotation.output_field
        meta = whole.model._meta
        return meta.pk if name == "pk" else meta.get_field(name)

    def text(self, row: Model) -> str:
        """A row's place, for a link."""
        return SEPARATOR.join(str(getattr(row, name)) for name in self.names)

    def place(self, text: str) -> list[Value]:
        """The place in a link's value; an empty list if the value is invalid."""
        texts = text.rsplit(SEPARATOR, len(self.names) - 1)
        if not text or len(texts) != len(self.names) or "\0" in text:
            return []
        try:
            return [self._value(field, text) for field, text in zip(self.fields, texts, strict=True)]
        except ValidationError:
            return []

    def _value(self, field: "Field[Any, Any]", text: str) -> Value:
        value = field.to_python(text)
        field.run_validators(value)  # For instance, a number may be too large for its column.
        return Value(value, output_field=field)

    def beyond(self, place: list[Value], *, backwards: bool) -> Func:
        """`(name, id) > ('ann', 7)`: one comparison, which PostgreSQL can look up in an index.

        https://www.postgresql.org/docs/current/functions-comparisons.html#ROW-WISE-COMPARISON
        """
        sides = [
            Func(*values, template="(%(expressions)s)", output_field=TextField())
            for values in (map(F, self.names), place)
        ]
        sign = " > " if self.downwards == backwards else " < "
        return Func(*sides, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField())
