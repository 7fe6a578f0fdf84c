"""Cache keys that carry their tenant (CACHES KEY_FUNCTION)."""

from tenants.context import schema_name


def make_key(key: str, key_prefix: str, version: int) -> str:
    """`schema:prefix:version:key`, so that no tenant reads another one's values."""
    return f"{schema_name()}:{key_prefix}:{version}:{key}"
