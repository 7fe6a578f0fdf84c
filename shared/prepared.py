"""Queries that are written once per process, for those of each page: Django takes longer to write one in SQL than
PostgreSQL to answer it.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Later:
    """The place of a value that each call gives."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        self.name, self.field = name, field


def later(name: str, field: "Field[Any, Any]") -> RawSQL:
    """An expression for a value that each call gives, as `field` sends it to PostgreSQL."""
    return RawSQL("%s", [Later(name, field)], field)


class Prepared(Generic[M]):
    """A query with its SQL, which is written at the first call. What it finds depends on the current tenant and on the
    values of a call, and on nothing else: `NEWEST = Prepared(lambda: Note.objects.filter(author=later("by", KEY)))`.
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self.build = build

    @cached_property
    def written(self) -> tuple[QuerySet[M], SQLCompiler, str, tuple[Any, ...]]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        return queryset, compiler, *compiler.as_sql()

    def rows(self, **values: Any) -> list[M]:
        """The objects that it finds. There has to be a value for each `later()`; ValueError if its field refuses it."""
        connection = connections[DEFAULT_DB_ALIAS]
        queryset, compiler, sql, places = self.written
        parameters = tuple(
            each.field.get_db_prep_value(values[each.name], connection) if isinstance(each, Later) else each
            for each in places
        )
        compiler, queryset = copy(compiler), queryset.all()
        compiler.connection = connection  # Of this thread.
        compiler.as_sql = lambda *_, **__: (sql, parameters)  # type: ignore[method-assign]
        queryset.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(ModelIterable(queryset))

    def first(self, **values: Any) -> M | None:
        return next(iter(self.rows(**values)), None)
