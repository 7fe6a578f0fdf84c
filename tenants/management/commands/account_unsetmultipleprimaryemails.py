"""allauth's command, in all organisations or in one."""

from allauth.account.management.commands import account_unsetmultipleprimaryemails

from tenants.management.inside import EverywhereCommand


class Command(EverywhereCommand, account_unsetmultipleprimaryemails.Command):
    pass
