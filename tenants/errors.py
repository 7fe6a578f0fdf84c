"""Exceptions about tenants. Each message says what to do."""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError


class NoTenant(ProgrammingError):
    """Code used a tenant's table or value while no tenant was current."""


class NotPublic(ProgrammingError):
    """Code used a table of `public` inside a tenant."""


class NotMigrated(ImproperlyConfigured, ProgrammingError):
    """`migrate` has never been run on this database."""


class SchemaIncomplete(ProgrammingError):
    """The current tenant's schema lacks a table that this version of the code needs."""


class WrongTenant(RuntimeError):
    """An object of one tenant was about to be read, saved or deleted in another."""


class TemplateStale(RuntimeError):
    """The template schema is missing or not at the state of this version of the code."""


class TenantGone(RuntimeError):
    """A job belongs to a tenant that no longer exists."""


class TenantIsSandbox(RuntimeError):
    """A job belongs to a sandbox, in which no job runs."""


class TenantSuspended(RuntimeError):
    """A job belongs to a suspended tenant: it waits until the tenant is active again."""


class TenantUnreachable(OperationalError):
    """The server that has a tenant's tables does not answer: its jobs wait until it does."""


class WrongState(RuntimeError):
    """The organisation's state does not allow this action."""


class UnsafePooler(ImproperlyConfigured, OperationalError):
    """A connection pooler would send one tenant's queries to another tenant's schema."""


class NotOwner(ProgrammingError):
    """The action needs the role that owns all schemas, and this login may not switch to it."""


class RoleRefused(ProgrammingError):
    """PostgreSQL refuses an organisation's role on this connection; it may accept it on another one."""


class UnsafeLogin(ImproperlyConfigured, OperationalError):
    """The tenants' database roles do not restrict the application's login, or it cannot switch to them."""


class AddressTaken(RuntimeError):
    """Another organisation has or had this address, or one that looks like it."""


class NoSpare(RuntimeError):
    """All spare tenants are taken, and no new one was made within the waiting time."""


class SpareInUse(RuntimeError):
    """A spare tenant already has members, although it has not been handed out."""


class StorageUnavailable(OSError):
    """The storage of files does not answer, or refuses. Whether the file exists is unknown."""
