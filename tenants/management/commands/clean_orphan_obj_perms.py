"""guardian's command, in all organisations or in one."""

from guardian.management.commands import clean_orphan_obj_perms

from tenants.management.inside import EverywhereCommand


class Command(EverywhereCommand, clean_orphan_obj_perms.Command):
    pass
