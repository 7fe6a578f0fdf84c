"""Expressions of queries that Django has no class for."""

from django.db.models import IntegerField, Subquery


class Count(Subquery):
    """How many rows a query finds. With a slice, no more than that are read: `Count(notes[:100])`."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
