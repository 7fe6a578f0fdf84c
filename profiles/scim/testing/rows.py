"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
from profiles.scim.models import Account, Directory


def make(people: dict[str, User]) -> None:
    Directory.objects.create(service=people["admin"], role="editor", roles="Grüße = reader", sends_mail=True)
    Account.objects.create(member=people["reader"], user_name="rita@acme.example", external_id="00u1 %s ☃")
