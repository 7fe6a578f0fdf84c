"""Requests below /scim/v2/ have tokens of their own, and errors of SCIM's own form."""

import json
from typing import Any

from django.conf import settings

from profiles.api.places import PLACES, Place
from profiles.api.problems import Refused, explanation

PATH = "/scim/v2/"
SCIM = "application/scim+json"
SCOPE = "scim"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def error(status: int, detail: str = "", scim_type: str = "") -> dict[str, Any]:
    """https://www.rfc-editor.org/rfc/rfc7644#section-3.12"""
    more = {"detail": detail or explanation(status), "scimType": scim_type}
    return {"schemas": [ERROR], "status": str(status)} | {name: value for name, value in more.items() if value}


def written(refused: Refused) -> bytes:
    return json.dumps(error(refused.status, refused.detail)).encode()


def rate() -> tuple[int, int]:
    amount, seconds = settings.LIMITS["scim"]["token"]
    return amount, seconds


def register() -> None:
    PLACES[PATH] = Place(types=(SCIM,), written=written, content_type=SCIM, scope=SCOPE, rate=rate, actor="directory")
