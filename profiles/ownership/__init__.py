"""Handing the ownership over: an owner and another member exchange their roles, if both confirm it."""
