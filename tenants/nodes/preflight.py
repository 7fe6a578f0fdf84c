"""What would not work if an organisation were placed, said before anything is changed."""

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.context import as_owner, within
from tenants.models import Tenant
from tenants.nodes.engine import Node, facts, nodes

STATES = (Tenant.State.ACTIVE, Tenant.State.SUSPENDED)

# Objects of a schema that Citus cannot put on a node, or not keep right there.
OBJECTS = """
SELECT 'no key', relname
FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary) AND relreplident IN ('d', 'n')
UNION ALL
SELECT 'kind', relname
FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('f', 'm', 'p')
UNION ALL
SELECT 'rules', c.relname
FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
WHERE relnamespace = current_schema()::regnamespace AND rulename <> '_RETURN'
UNION ALL
SELECT 'row security', relname
FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity
UNION ALL
SELECT 'foreign key', conname
FROM pg_constraint k JOIN pg_class other ON other.oid = confrelid
WHERE connamespace = current_schema()::regnamespace AND contype = 'f' AND other.relnamespace <> connamespace
"""
WORDS: dict[str, Promise] = {
    "no key": gettext_lazy("Its table %(name)s has no primary key: changes cannot be copied while it is in use."),
    "kind": gettext_lazy("%(name)s is a kind of relation that cannot be on a node."),
    "rules": gettext_lazy("The table %(name)s has rules, which Citus does not know."),
    "row security": gettext_lazy("The table %(name)s has row security, which Citus does not copy."),
    "foreign key": gettext_lazy("The foreign key %(name)s leads to another schema."),
}


def problems(tenant: Tenant, node: Node | None) -> list[str]:
    """Sentences; none if nothing is in the way. `node` is None for coming back."""
    found = []
    if tenant.state not in STATES:
        found.append(_("Only active and suspended organisations are placed."))
    if not tenant.is_complete:
        found.append(_("It is not at the state of this code. Run `manage.py migrate` first."))
    return found + of_objects(tenant) + of_nodes(node or nodes()[0])


def of_objects(tenant: Tenant) -> list[str]:
    with within(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(OBJECTS)
        return [str(WORDS[kind]) % {"name": name} for kind, name in cursor.fetchall()]


def of_nodes(target: Node) -> list[str]:
    found = []
    said = facts()
    if not target.takes_organisations:
        found.append(
            _("%(node)s takes no organisations: shouldhaveshards is false, or it is not active.")
            % {"node": target.name}
        )
    for name, answer in said.items():
        if "error" in answer:
            found.append(
                _("%(node)s does not answer: %(error)s") % {"node": name, "error": answer["error"].rstrip(".") + "."}
            )
        elif answer["wal_level"] != "logical":
            found.append(
                _("%(node)s has wal_level %(level)s. It has to be “logical”.")
                % {"node": name, "level": answer["wal_level"]}
            )
    versions = {(each["version"], each["citus"]) for each in said.values() if "error" not in each}
    if len(versions) > 1:
        found.append(_("The nodes have different versions. `manage.py nodes` lists them."))
    return found
