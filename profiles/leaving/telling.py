"""Mail to the owners of a suspended organisation, whose other jobs wait."""

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse
from procrastinate.contrib.django import app

from profiles.leaving.models import Departure
from profiles.mail.delivery import RETRY, deliver
from profiles.mail.outbox import keep, written
from profiles.models import User
from tenants import signing
from tenants.context import public, required, within
from tenants.models import Tenant

SALT = "departure"
DAY = 86_400
SHAPE = {"owner": int}


def tell_owners(departure: Departure, template: str, *, actor: User | None = None) -> None:
    """Mail all owners of the current organisation, in the current transaction."""
    mails = [tell(owner, departure, template, actor) for owner in User.objects.owners().exclude(email="")]
    keys = [key for key in mails if key]
    schema_name = required().schema_name
    with public():
        send.defer(schema_name=schema_name, keys=keys)


def tell(owner: User, departure: Departure, template: str, actor: User | None) -> int | None:
    """The primary key of the message; None if the mailbox has refused mail."""
    context = {"owner": owner, "actor": actor, "departure": departure, "url": link(owner), "home_url": required().url()}
    mail = keep(to=owner.email, **written(template=template, context=context, reader=owner))
    return mail.pk if mail else None


@app.task(name="profiles.tell_leaving_owners", queue="mail", retry=RETRY)
def send(schema_name: str, keys: list[int]) -> None:
    """Send these messages. A sent one has no row any more, so that a retry sends only those that failed."""
    with public():
        tenant = Tenant.objects.standing().filter(schema_name=schema_name).first()
    if tenant and tenant.is_complete:
        with within(tenant):
            for key in keys:
                deliver(pk=key)


def link(owner: User) -> str:
    """The address on the public site at which this owner keeps the organisation."""
    token = signing.dumps({"owner": owner.pk}, salt=SALT)
    path = reverse("keep_organisation", args=[required().slug, token], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return f"{settings.BASE_URL}{path}"


def owner_of(token: str) -> int | None:
    """The primary key of the owner who was sent this link by the current organisation; None for other links."""
    try:
        age = (settings.LEAVING_DAYS + 365) * DAY  # A hold may last long.
        return signing.loads(token, salt=SALT, max_age=age, shape=SHAPE)["owner"]
    except BadSignature:
        return None
