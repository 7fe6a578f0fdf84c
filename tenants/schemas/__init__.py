"""Tenant schemas: the template, copies of it, and migrating them."""
