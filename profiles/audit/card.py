"""The audit log's place on the page of the settings."""

from typing import Any

from profiles.audit.rights import reads_audit_log


def context(page: Any) -> dict[str, Any] | None:
    return {} if reads_audit_log(page["request"].user) else None
