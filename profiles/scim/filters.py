"""Filters of SCIM as conditions of Django's: what directories look for, which is equality."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

NONE = Q(pk__in=[])
ALL = ~NONE
# Conditions by attribute, in lower case, such as "emails.value". Each takes the value that is compared.
Columns = Mapping[str, Callable[[Any], Q]]


class Conditions(FilterVisitor[Q]):
    def __init__(self, columns: Columns, within: str = "") -> None:
        self.columns, self.within = columns, within

    def visit_comparison(self, node: Comparison) -> Q:
        column = self.columns.get(f"{self.within}{named(node.attr_path)}")
        if column is None or node.op != CompareOperator.eq:
            raise unsupported(f"{named(node.attr_path)} {node.op.value}")
        return column(node.value) if not isinstance(node.value, str) or is_text(node.value) else NONE

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        first, *others = (self.visit(term) for term in node.terms)
        for other in others:
            first = first & other if node.op == LogicalOperator.and_ else first | other
        return first

    def visit_value_path(self, node: ValuePath) -> Q:
        return Conditions(self.columns, f"{named(node.attr_path)}.").visit(node.val_filter)

    def visit_not(self, node: Not) -> Q:
        raise unsupported("not")

    def visit_present(self, node: Present) -> Q:
        raise unsupported("pr")


def named(path: AttrPath) -> str:
    return ".".join(filter(None, (path.attr, path.sub_attr))).lower()


def is_text(value: str) -> bool:
    """Can PostgreSQL compare it? Nothing stored has NUL or half a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def unsupported(what: str) -> InvalidFilterException:
    return InvalidFilterException(detail=f"This filter is not supported here: {what}. Compare with eq.")


def by_pk(value: Any) -> Q:
    pk = key(str(value))
    return NONE if pk is None else Q(pk=pk)


def key(text: str) -> int | None:
    """An id as a primary key, or None if it is none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= 18 and str(int(text)) == text
    return int(text) if is_one else None


def is_true(value: Any) -> bool:
    """Entra ID sends booleans as texts too."""
    return value is True or str(value).lower() == "true"
