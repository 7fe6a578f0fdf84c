"""Organisations at their own domains: proved by DNS, served with certificates that the proxy gets on demand."""
