"""Limited actions are counted in PostgreSQL, and not in the cache, of which each process has its own (CACHES)."""

import sys
from collections.abc import Iterator
from types import ModuleType

from django.core.cache import cache, caches
from django.urls import get_resolver

# Modules of the product and its libraries that use Django's cache, and why no limit depends on it.
KNOWN = {
    "allauth.core.internal.ratelimit": "the functions are replaced (profiles/sign_in/limits.py)",
    "allauth.mfa.totp.internal.auth": "the functions are replaced (profiles/two_factor/codes.py)",
    "ninja.throttling": "not used: requests are counted in PostgreSQL (profiles/api/authentication.py)",
    "guardian.utils": "the anonymous user, which does not exist here",
    "profiles.testing.plugin": "empties the caches before each test",
    "tenants.management.commands.createcachetable": "looks at the caches' settings only",
}


def users(modules: dict[str, ModuleType]) -> Iterator[str]:
    """The loaded modules that import the cache."""
    for name, module in list(modules.items()):
        values = list(getattr(module, "__dict__", {}).values())
        if any(value is cache or value is caches for value in values):
            yield name


def test_nothing_counts_in_the_cache_of_a_process() -> None:
    for site in ("config.tenant_urls", "config.public_urls"):
        assert get_resolver(site).url_patterns
    found = {name for name in users(sys.modules) if not name.startswith(("django.", "tests.", "pytest", "_pytest"))}
    assert found - {__name__} <= set(KNOWN), "Say in KNOWN why it need not hold for all processes, or mend it."
    assert "allauth.core.internal.ratelimit" in found


def test_a_new_user_of_the_cache_is_noticed() -> None:
    module = ModuleType("shop.coupons")
    module.__dict__["cache"] = cache
    assert list(users({"shop.coupons": module, "shop": ModuleType("shop")})) == ["shop.coupons"]
