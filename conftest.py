"""Where pytest starts, for the tests of Tenantry in tests/ and for those of a product's own apps in <app>/tests/."""

pytest_plugins = ["profiles.testing.plugin"]
