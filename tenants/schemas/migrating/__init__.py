"""Bringing schemas to the state of the code: public, the template, and thousands of tenants that follow it."""
