"""The choice of a group in a form."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from profiles.groups.models import Group


class Choices(ModelChoiceIterator):
    """Loads the choices in one statement. Django would open a cursor, after which the connection has to be set up
    again.
    """

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from map(self.choice, self.queryset)


class GroupField(forms.ModelChoiceField):
    iterator = Choices

    def __init__(self, **options: Any) -> None:
        super().__init__(Group.objects.by_name(), label=_("Group"), **options)
