"""Hands over the ownership: an owner and another member exchange roles, if both confirm."""
