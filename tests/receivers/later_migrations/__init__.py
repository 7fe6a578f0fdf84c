"""The app's migrations after its next release, for tests of `migrate` (setting MIGRATION_MODULES)."""
