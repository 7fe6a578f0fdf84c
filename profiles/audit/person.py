"""Links from a person's page to their entries: for readers of the log, and to one's own sign-ins."""

from typing import Any

from profiles.audit.rights import reads_audit_log


def context(page: Any) -> dict[str, Any] | None:
    viewer, member = page["viewer"], page["member"]
    is_own, reads_all = viewer.pk == member.pk, reads_audit_log(viewer)
    return {"member": member, "is_own": is_own, "reads_all": reads_all} if is_own or reads_all else None
