"""Rows that the rules of the next migration would refuse: each is mended, so that no organisation is held up by one.

User names lose what an address cannot carry; invitations to a role that there is not could never be accepted.
"""

import logging

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

logger = logging.getLogger(__name__)

# As in the models of that time.
NOT_IN_USERNAMES = r"[\u0001-*,/:-?\[-^`{-\u00a0\u1680\u2000-\u206f\u3000\ufeff]"
NO_USERNAME = r"^[.@+-]*\Z"
ROLES = ["owner", "admin", "editor", "reader"]


def mend(apps, schema_editor):
    mend_user_names(apps.get_model("profiles", "User"))
    unknown = apps.get_model("profiles", "Invitation").objects.exclude(role__in=ROLES)
    unknown.filter(accepted=None, revoked=None).update(revoked=timezone.now())
    unknown.update(role="reader")


def mend_user_names(users):
    odd = users.objects.filter(Q(username__regex=NOT_IN_USERNAMES) | Q(username__regex=NO_USERNAME))
    for user in odd.order_by("pk"):
        user.username, before = free_name(users, user), user.username
        users.objects.filter(pk=user.pk).update(username=user.username)
        logger.warning("The user name %r cannot be part of an address. It is %r now.", before, user.username)


def free_name(users, user):
    """What is left of the name, with as much behind it as makes it the user's alone."""
    from django.db.models import F, Func, Value

    replaced = Func(F("username"), Value(NOT_IN_USERNAMES), Value("-"), Value("g"), function="regexp_replace")
    plain = users.objects.filter(pk=user.pk).values_list(replaced, flat=True).get().strip("-.+@")[:120] or "member"
    names = [plain, f"{plain}-{user.pk}", *(f"{plain}-{user.pk}-{number}" for number in range(2, 100))]
    return next(name for name in names if not users.objects.filter(username__iexact=name).exists())


class Migration(migrations.Migration):
    dependencies = [("profiles", "0003_fewer_relations")]
    compatible = True

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
