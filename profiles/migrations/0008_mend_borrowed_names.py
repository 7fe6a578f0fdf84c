"""User names that read like an address and are not the member's own: each gets one without an @."""

import logging

from django.db import migrations

from shared.emails import same_mailbox

logger = logging.getLogger(__name__)


def mend(apps, schema_editor):
    members = apps.get_model("profiles", "User").objects
    for member in members.filter(username__contains="@").order_by("pk"):
        own = same_mailbox(member.username) == member.email
        name = member.email if own else free_name(members, member)
        if name != member.username:
            members.filter(pk=member.pk).update(username=name)
        if not own:
            logger.warning("The user name %r is an address of others. It is %r now.", member.username, name)


def free_name(members, member):
    """The name without the @, with as much behind it as makes it the member's alone."""
    plain = member.username.replace("@", "-").strip("-.+")[:120] or "member"
    names = [plain, f"{plain}-{member.pk}", *(f"{plain}-{member.pk}-{number}" for number in range(2, 100))]
    return next(name for name in names if not members.filter(username__iexact=name).exists())


class Migration(migrations.Migration):
    dependencies = [("profiles", "0007_addresses_canonical")]
    compatible = True

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
