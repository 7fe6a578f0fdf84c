"""Log lines that carry their tenant."""

import logging

from tenants.context import schema_name


class TenantFilter(logging.Filter):
    """Adds `tenant`, the current schema's name, to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.tenant = schema_name()
        return True
