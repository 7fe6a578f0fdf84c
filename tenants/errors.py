"""What can go wrong between tenants, each with words that say what to do."""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError


class NoTenant(ProgrammingError):
    """A tenant's table or value was asked for where no tenant is current."""


class NotPublic(ProgrammingError):
    """A table of `public` was asked for inside a tenant."""


class NotMigrated(ImproperlyConfigured, ProgrammingError):
    """The database has not seen the first `migrate`."""


class SchemaIncomplete(ProgrammingError):
    """The current tenant's schema lacks a table that this version of the code needs."""


class WrongTenant(RuntimeError):
    """An object of one tenant was about to be read, saved or deleted in another."""


class TemplateStale(RuntimeError):
    """The template schema is missing or not at the state of this version of the code."""


class TenantGone(RuntimeError):
    """A job belongs to a tenant that no longer exists."""


class TenantSuspended(RuntimeError):
    """A job belongs to a tenant that is suspended: it is not done, and waits."""


class WrongState(RuntimeError):
    """What is done to an organisation cannot be done in the state in which it is."""


class UnsafePooler(ImproperlyConfigured, OperationalError):
    """There is a connection pooler that would send one tenant's queries to another's schema."""


class NotOwner(ProgrammingError):
    """What only the owner of all schemas may do was tried by a login that may not act as the owner."""


class RoleRefused(ProgrammingError):
    """PostgreSQL does not let this connection act as an organisation's role; another connection may do so."""


class UnsafeLogin(ImproperlyConfigured, OperationalError):
    """The application's database login is not bound by the tenants' roles, or they cannot be used."""


class AddressTaken(RuntimeError):
    """Another organisation has, or had, this address or one that looks like it."""


class NoSpare(RuntimeError):
    """All tenants made ahead are taken, and no other has been made within the time that one waits for it."""


class SpareInUse(RuntimeError):
    """A tenant made ahead has people in it, before anyone has signed up for it."""
