"""The content of messages: an event's objects as the API shows them to managers, with organisation and time."""

import json
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from tenants.context import required
from tenants.models import Tenant

Data = dict[str, dict[str, Any]]


def body(kind: str, occurred: datetime, data: Data) -> str:
    # Here, since django-ninja takes long to import: the API's modules come with the first message.
    from profiles.api.answers import body_of
    from profiles.api.resources import organisation

    about = body_of(organisation.shown())
    told = {"event": kind, "occurred": occurred.isoformat(), "organisation": about, "data": data}
    return json.dumps(told, ensure_ascii=False)


def data_of(things: tuple[Model, ...]) -> Data:
    """Each object under the name of its resource."""
    from profiles.api.showing import shown

    return dict(filter(None, map(shown, things)))


def names_of(things: tuple[Model, ...]) -> list[list[str]]:
    return [[thing._meta.label_lower, str(thing.pk)] for thing in things]


def renewed(text: str, names: list[list[str]]) -> str:
    """The body with its objects as they are now. Those that are gone stay as they were when it happened.

    An event is told of before its change is made. The job that sends it runs after the commit.
    """
    told = json.loads(text)
    present = tuple(filter(None, (present_one(label, pk) for label, pk in names)))
    return json.dumps(told | {"data": told["data"] | data_of(present)}, ensure_ascii=False)


def present_one(label: str, pk: str) -> Model | None:
    """None, too, if the model's app has been taken out since."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return None
    if model is Tenant:
        return required()
    return model._base_manager.filter(pk=pk).first()
