"""A foreign key for a model without a table: queries that filter by it are not sent."""

from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn


class Unmatched(models.ForeignKey):
    pass


@Unmatched.register_lookup
class NotIn(RelatedIn):
    """Raises EmptyResultSet, which Django treats as an empty result."""

    def as_sql(self, compiler: Any, connection: Any) -> NoReturn:
        raise EmptyResultSet


@Unmatched.register_lookup
class NotExact(RelatedExact):
    def as_sql(self, compiler: Any, connection: Any) -> NoReturn:
        raise EmptyResultSet
