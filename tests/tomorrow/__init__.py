"""Migrations of profiles that a later version of the code will bring, for the tests of `migrate`."""
