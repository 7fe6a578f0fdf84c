"""What the file of an older version has of apps that this code is done with: it is passed over."""

from profiles.exports.package import Manifest, Part
from tenants.fingerprint import code_migrations

# Of Django and allauth, until profiles.0021. Their rows are worth nothing here: a session is one of its schema.
APPS = frozenset({"sessions", "usersessions"})


def is_former(name: str) -> bool:
    """Whether a migration, or a model, is of such an app, and no installed one has its label."""
    app = name.partition(".")[0]
    return app in APPS and app not in {installed for installed, _ in code_migrations()}


def migrations(manifest: Manifest) -> list[str]:
    return [name for name in manifest.migrations if not is_former(name)]


def parts(manifest: Manifest) -> list[Part]:
    return [part for part in manifest.models if not is_former(part.model)]
