"""What people write is validated by the model that stores it, whatever calls it: forms, the API, scripts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from shared.checked import Checked
from shared.storable import is_storable
from tenants.context import within
from tenants.events import emit
from tenants.models import CHECKED, Tenant

OURS = ("profiles", "tenants", "shared")
# Models with text that is no one's to choose: our own words, keys, hashes, and copies of what other rows have.
UNCHECKED = """
    api.Answer audit.Entry backups.Backup backups.Vault files.File finding.Request groups.NoGenericPermission
    leaving.Certificate mail_codes.MailCode notices.Notice profiles.NoGroupObjectPermission profiles.OutgoingMail
    profiles.Session returning.Former tenants.Domain tenants.Done webhooks.Delivery
"""
# The verb or the protocol in front of it validates: names.py, hosts.py, tokens.py, reading.py.
BEFORE = "mail_domains.MailDomain own_domains.OwnDomain own_sign_in.Identity scim.Account scim_groups.Link"


def is_text(field: Any) -> bool:
    is_own = not field.primary_key and not isinstance(field, models.GeneratedField | models.FileField)
    return is_own and isinstance(field, models.CharField | models.TextField)


def checked() -> dict[type[models.Model], tuple[str, ...]]:
    found = {model: model.checked for model in apps.get_models() if issubclass(model, Checked) and is_ours(model)}
    return {**found, Tenant: CHECKED}


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.partition(".")[0] in OURS


def test_models_with_text_are_checked():
    decided = {*UNCHECKED.split(), *BEFORE.split()}
    for model in apps.get_models():
        if is_ours(model) and any(map(is_text, model._meta.concrete_fields)):
            is_checked = model in checked() or model._meta.label in decided
            assert is_checked, f"Derive {model.__name__} from Checked, or name it here."


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b", None, "x" * 100_000])
def test_a_text_that_cannot_be_stored_is_refused(acme, odd):
    with within(acme):
        for model, names in checked().items():
            for name in names:
                field: Any = model._meta.get_field(name)
                if is_text(field) and not (odd is None and field.null) and (len(odd or "") < 9 or field.max_length):
                    refuses(model, name, odd)


def refuses(model: type[models.Model], name: str, odd: Any) -> None:
    if isinstance(model._meta.get_field(name), models.TextField) and odd and len(odd) > 9:
        return  # Its length is a validator's, which not each has.
    with pytest.raises(ValidationError) as refusal:
        model(**{name: odd}).check_values([name])  # type: ignore[attr-defined]
    assert list(refusal.value.error_dict) == [name], (model, name)


@pytest.mark.parametrize(
    "odd",
    [
        "a\0b",
        "\udfff",
        float("nan"),
        float("-inf"),
        {"a": ["\0"]},
        {"\ud800": 1},
        datetime(2030, 1, 1),  # noqa: DTZ001  without a time zone
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
    ],
)
def test_what_cannot_be_stored(acme, reader, odd):
    assert not is_storable(odd)
    with within(acme), pytest.raises(ValidationError):
        emit("member.role_changed", reader, by=reader, role=("reader", odd))


@pytest.mark.parametrize("fine", ["", "a\nb", "\U0001f600", None, 10**30, 1.5, {"a": [True]}, datetime.now(UTC)])
def test_what_can_be(fine):
    assert is_storable(fine)
