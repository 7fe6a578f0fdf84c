"""Creates a row of each model of the core and its libraries, for tests that need one of every model."""

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from profiles.models import HandOff, Invitation, OutgoingMail, Profile, Refusal, Session, User


def make(people: dict[str, User]) -> None:
    """Create the rows in the current tenant, which has these people."""
    reader = people["reader"]
    address, _ = EmailAddress.objects.get_or_create(user=reader, email=reader.email, primary=True)
    EmailConfirmation.objects.create(email_address=address, key="a-key", sent=timezone.now())
    Invitation.objects.create(email="new@acme.example", invited_by=people["owner"], message="Ünïcode “quoted”\n\\n")
    HandOff.objects.create(user=reader)
    OutgoingMail.objects.create(to=reader.email, subject="Hello", text="a link", headers={"X": [1.50, None, "ü"]})
    Refusal.objects.create(email="refuses@acme.example")
    Group.objects.create(name="a group of auth").permissions.add(Permission.objects.get(codename="change_profile"))
    Session.objects.create(
        session_key="b" * 32,
        session_data="data",
        expire_date=timezone.now(),
        user=reader,
        ip="192.0.2.1",
        user_agent="A browser",
    )
    photo = "photos/5a7cbe2b-0b8e-4a1e-9a57-0b9a1de26ab1/512.webp"
    for name in (photo, photo.replace("512", "64")):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(f"picture {name}".encode()))
    Profile.objects.filter(user=reader).update(photo=photo, birth_date="1990-02-28", bio="\t\\ %s 'x' ☃")
