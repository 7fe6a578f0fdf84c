"""Calls to addresses that members enter: which are allowed, and a connection to the very address that was checked."""
