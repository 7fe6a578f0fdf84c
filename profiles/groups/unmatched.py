"""A foreign key that no row matches, for a model without a table: a query that filters by it is not sent."""

from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn


class Unmatched(models.ForeignKey):
    pass


@Unmatched.register_lookup
class NotIn(RelatedIn):
    """Django answers EmptyResultSet as if the statement had found nothing."""

    def as_sql(self, compiler: Any, connection: Any) -> NoReturn:
        raise EmptyResultSet


@Unmatched.register_lookup
class NotExact(RelatedExact):
    def as_sql(self, compiler: Any, connection: Any) -> NoReturn:
        raise EmptyResultSet
