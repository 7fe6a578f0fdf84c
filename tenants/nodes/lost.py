"""Jobs of organisations whose node is lost: they wait until it is back, as all jobs do while the one server is down."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError

from tenants.context import required
from tenants.errors import TenantUnreachable

# The coordinator's own answer if it does not reach a node. An error without a code means that the coordinator is lost.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
CONNECTION_EXCEPTION = "08"


@contextmanager
def waiting(_task: str) -> Iterator[None]:
    """Around each job. Raises TenantUnreachable, for which it is queued again."""
    try:
        yield
    except OperationalError as error:
        if settings.CITUS and is_of_a_node(error):
            raise TenantUnreachable(f"{required()} is on a node that does not answer. Its jobs wait.") from error
        raise


def is_of_a_node(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return code.startswith(CONNECTION_EXCEPTION)
