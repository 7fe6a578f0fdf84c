"""Migrating schemas to the state of the code: the template, and thousands of tenants that follow it."""
