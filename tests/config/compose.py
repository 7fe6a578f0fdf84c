"""docker-compose.yml and docker-compose.citus.yml, as Compose reads them."""

import re
from typing import Any

import yaml

from tests.config.conftest import BASE_DIR

COMPOSE: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CITUS: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.citus.yml").read_text())
# As Compose merges both files: mappings key by key, and anything else is replaced.
ON_NODES = {
    name: {
        key: {**of_base[key], **value} if isinstance(value, dict) and isinstance(of_base.get(key), dict) else value
        for key, value in (of_base | of_citus).items()
    }
    for name in SERVICES | CITUS["services"]
    for of_base, of_citus in [(SERVICES.get(name, {}), CITUS["services"].get(name, {}))]
}
SECRETS = {
    "SECRET_KEY": "k" * 60,
    "DATABASE_PASSWORD": "p" * 30,
    "WEB_DATABASE_PASSWORD": "w" * 30,
    "BASE_URL": "https://shop.example",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


def filled(value: str, variables: dict[str, str]) -> str:
    """Compose's interpolation of `${NAME:?why}` and `${NAME:-otherwise}`."""
    return re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda match: variables.get(match[1], match[2] or ""), value)
