"""Queries that are written once per process, for those of each page: Django takes longer to write one in SQL than
PostgreSQL to answer it.
"""

from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)


class Later:
    """The place of a value that each call gives."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        self.name, self.field = name, field


def later(name: str, field: "Field[Any, Any]") -> RawSQL:
    """An expression for a value that each call gives, as `field` sends it to PostgreSQL."""
    return RawSQL("%s", [Later(name, field)], field)


class Prepared(Generic[M]):
    """A query with its SQL. Its result may depend on nothing but the values that each call gives: it is the same in
    all tenants.
    """

    def __init__(self, queryset: QuerySet[M]) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()

    def rows(self, **values: Any) -> list[M]:
        """The objects that it finds. There has to be a value for each `later()`; ValueError if its field refuses it."""
        connection = connections[DEFAULT_DB_ALIAS]
        parameters = tuple(
            each.field.get_db_prep_value(values[each.name], connection) if isinstance(each, Later) else each
            for each in self.parameters
        )
        compiler, queryset = copy(self.compiler), self.queryset.all()
        compiler.connection = connection  # Of this thread.
        compiler.as_sql = lambda *_, **__: (self.sql, parameters)
        queryset.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(ModelIterable(queryset))
