"""change(): a member takes another username."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from profiles.models import User
from profiles.renaming.models import MOST, FormerName, end
from tenants.events import emit

# upper() of PostgreSQL, by which usernames are compared, differs from Python's for some letters.
KEEP = """
INSERT INTO renaming_formername (name, member_id, until) VALUES (upper(%s), %s, %s)
ON CONFLICT (name) DO UPDATE SET member_id = excluded.member_id, until = excluded.until
"""


def change(*, member: User, username: str) -> None:
    """Raises ValidationError, by field, for a username that cannot be one, or that another member has or had."""
    try:
        with transaction.atomic():
            fresh = User.objects.select_for_update(no_key=True).get(pk=member.pk)
            before, fresh.username = fresh.username, username
            fresh.save(update_fields=["username"])
            if fresh.username != before:
                FormerName.objects.kept(fresh.username).delete()
                keep(before, fresh)
                emit("username.changed", fresh, by=fresh, username=(before, fresh.username))
    except IntegrityError as error:
        raise ValidationError(
            {"username": ValidationError(_("A member already has this username. Choose another one."), code="unique")}
        ) from error
    member.username = fresh.username


def keep(name: str, member: User) -> None:
    """And let go of all but the last few: one member must not keep a list of names from the others."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [name, member.pk, end()])
    FormerName.objects.filter(
        pk__in=FormerName.objects.filter(member=member).order_by("-until", "pk").values("pk")[MOST:]
    ).delete()
