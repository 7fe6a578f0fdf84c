"""What may be done once, or a few times, is counted in PostgreSQL: each process has a cache of its own (CACHES)."""

import sys
from collections.abc import Iterator
from types import ModuleType

from django.core.cache import cache, caches
from django.urls import get_resolver

# Modules that use Django's cache, ours and the libraries', and why that limits nothing.
KNOWN = {
    "allauth.core.internal.ratelimit": "the functions are replaced (profiles/sign_in/limits.py)",
    "allauth.mfa.totp.internal.auth": "the functions are replaced (profiles/two_factor/codes.py)",
    "ninja.throttling": "not used: requests are counted in PostgreSQL (profiles/api/authentication.py)",
    "guardian.utils": "the anonymous user, of whom there is none here",
    "profiles.testing.plugin": "empties the caches before each test",
    "tenants.management.commands.createcachetable": "looks at the caches' settings only",
}


def users(modules: dict[str, ModuleType]) -> Iterator[str]:
    """The loaded modules in which the cache has a name."""
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
