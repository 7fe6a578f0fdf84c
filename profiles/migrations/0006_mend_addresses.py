"""E-mail addresses in their one spelling. What has none was never delivered to, and is taken out.

A member without an address signs in with the user name, and can add one on the page of their account. Of two members
with one mailbox, the one who has proved it keeps it, or else the one who was there first.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import migrations
from django.db.models.functions import Lower

from shared.emails import canonical_email

logger = logging.getLogger(__name__)

CANONICAL = r"^[!#-?A-~]+@[a-z0-9.:\[\]-]+\Z"  # As in the models of that time.


def mend(apps, schema_editor):
    members, addresses = apps.get_model("profiles", "User").objects, apps.get_model("account", "EmailAddress").objects
    mend_members(members, addresses)
    mend_listed(members, addresses)
    mend_invitations(apps.get_model("profiles", "Invitation").objects)


def odd(rows):
    return rows.exclude(email="").exclude(email=Lower("email"), email__regex=CANONICAL)


def canonical(email):
    try:
        return canonical_email(email)
    except ValidationError:
        return ""


def mend_members(members, addresses):
    proved = addresses.filter(verified=True).values("user")
    for member in sorted(odd(members).order_by("pk"), key=lambda each: not proved.filter(user=each.pk).exists()):
        email = canonical(member.email)
        if members.exclude(pk=member.pk).filter(email=email).exists():
            email = ""
        if not email:
            logger.warning("The e-mail address of %s has no spelling that mail servers know. It is gone.", member.username)
        members.filter(pk=member.pk).update(email=email)


def mend_listed(members, addresses):
    """allauth's list of addresses: those of the members, and those that wait to be proved."""
    for address in odd(addresses).order_by("-verified", "pk"):
        email = canonical(address.email)
        is_others = members.exclude(pk=address.user_id).filter(email=email).exists()
        if not email or is_others or addresses.exclude(pk=address.pk).filter(email=email).exists():
            address.delete()
        else:
            addresses.filter(pk=address.pk).update(email=email)


def mend_invitations(invitations):
    for invitation in odd(invitations).order_by("pk"):
        email = canonical(invitation.email)
        is_open = invitation.accepted is None and invitation.revoked is None
        others = invitations.filter(email=email, accepted=None, revoked=None)
        if not email or (is_open and others.exists()):
            invitation.delete()
        else:
            invitations.filter(pk=invitation.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [("profiles", "0005_rules_in_tables"), ("account", "0009_emailaddress_unique_primary_email")]
    compatible = True

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
