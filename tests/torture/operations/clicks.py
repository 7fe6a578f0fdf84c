"""What the web server does: signing up, joining, a photo, a deactivation."""

import io
from random import Random

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.storage import default_storage
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from profiles.invitations import changes
from profiles.models import HandOff, Invitation, OutgoingMail, Profile, ProfileUserObjectPermission, Session, User
from profiles.pictures import sweep
from profiles.pictures.decoding import SIZES
from profiles.pictures.keeping import picture_name
from profiles.roles import Role
from profiles.sign_in.verification import send_verification
from profiles.testing import PASSWORD, SiteClient, new_organisation
from tenants.context import public, within
from tenants.models import Domain, Tenant
from tenants.schemas.spares import make_spare
from tests.torture.arena import Arena
from tests.torture.operations.base import Operation, State, Torn, check_directory, demand, one_of
from tests.torture.processes import Answer, Click


class ClickOperation(Operation):
    """Something that one request does, in an organisation that is there for it."""

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        self.tenant = new_organisation(f"place-{random.randrange(10**9)}")
        with within(self.tenant):
            self.owner = User.objects.get()
        self.number = 0

    def prepare(self) -> None:
        """A new web server has loaded a page already, and is connected."""
        self.number += 1
        self.arena.get(self.tenant.domain, "/account/login/")

    def start(self) -> Click:
        raise NotImplementedError

    def again(self) -> Answer:
        click = self.start()
        click.wait()
        return click.answer

    def retry(self) -> None:
        before = self.check()
        answer = self.again()
        demand(self.check() is State.WHOLE, f"the retry was answered {answer.status}, and there is nothing")
        self.judge(before, answer)

    def judge(self, before: State, answer: Answer) -> None:
        """Is the retry's answer one that tells the person where they are? Raises Torn."""
        expected = 302 if before is State.NOTHING else self.done_already
        demand(answer.status == expected, f"with {before.value} there, the retry was answered {answer.status}")

    done_already = 302


def is_whole(user: User) -> bool:
    """Has a user what must exist beside them?"""
    permissions = ProfileUserObjectPermission.objects.filter(user=user, content_object__user=user)
    return Profile.objects.filter(user=user).count() == permissions.count() == 1


class SignUp(ClickOperation):
    name = "sign-up"
    done_already = 200  # "This address is taken."

    def prepare(self) -> None:
        super().prepare()
        spare = make_spare()
        with public():  # This commit waits for the disk, and so for the spare's, which does not and could be lost.
            Tenant.objects.filter(pk=spare.pk).update(name="")
        self.slug = f"new-{self.random.randrange(10**9)}"
        self.host = f"{self.slug}.{settings.BASE_DOMAIN}"

    def start(self) -> Click:
        email = f"owner@{self.slug}.example"
        form = {"organisation": self.slug, "slug": self.slug, "name": "Olga Owner", "email": email}
        return self.arena.click("localhost", "/sign-up/", form | {"password": PASSWORD})

    def check(self) -> State:
        check_directory()
        with public():
            tenant = Tenant.objects.filter(slug=self.slug).first()
            domains = list(Domain.objects.filter(domain=self.host))
        status = self.arena.get(self.host, "/").status
        if tenant is None:
            demand(not domains, "an address without an organisation")
            demand(status == 404, f"an organisation that is not there answers {status}")
            return State.NOTHING
        demand(status == 302, f"the new organisation answers {status}")
        with within(tenant):
            people = list(User.objects.all())
            facts = {
                "address": [domain.tenant_id for domain in domains] == [tenant.pk],
                "owner": [user.role for user in people] == [Role.OWNER] and is_whole(people[0]),
                "email address": EmailAddress.objects.count() == 1,
                "hand-off": HandOff.objects.count() == 1,
            }
        with public():
            jobs = ProcrastinateJob.objects.filter(task_name=send_verification.task.name)
            facts["mail"] = jobs.filter(args__schema_name=tenant.schema_name).count() == 1
        demand(one_of(facts) is State.WHOLE, "an organisation without anybody in it")
        return State.WHOLE


class Accept(ClickOperation):
    name = "accepting an invitation"
    done_already = 410  # The link is used up; they sign in.

    def prepare(self) -> None:
        super().prepare()
        self.username = f"new{self.number}"
        self.email = f"{self.username}@{self.tenant.slug}.example"
        with within(self.tenant):
            self.invitation = changes.invite(actor=self.owner, email=self.email, role=Role.READER)
            self.token = self.invitation.token

    def start(self) -> Click:
        form = {"name": "New Person", "username": self.username, "password": PASSWORD}
        return self.arena.click(self.tenant.domain, f"/invitations/{self.token}/", form)

    def check(self) -> State:
        with within(self.tenant):
            member = User.objects.filter(email=self.email).first()
            address = EmailAddress.objects.filter(email=self.email, verified=True, primary=True)
            welcome = OutgoingMail.objects.filter(to=self.email, subject__startswith="Welcome")
            facts = {
                "member": member is not None and member.check_password(PASSWORD) and is_whole(member),
                "email address": address.count() == 1,
                "used invitation": not Invitation.objects.open().filter(pk=self.invitation.pk).exists(),
                "welcome": welcome.count() == 1,
            }
            return one_of(facts)


class Photo(ClickOperation):
    name = "photo upload"

    def __init__(self, arena: Arena, random: Random) -> None:
        super().__init__(arena, random)
        file = io.BytesIO()
        Image.effect_noise((300, 300), 90).save(file, "JPEG")
        self.picture = file.getvalue()
        self.session = signed_in(self.tenant, self.owner)

    def prepare(self) -> None:
        super().prepare()
        self.before = self.named()

    def named(self) -> str:
        with within(self.tenant):
            return Profile.objects.values_list("photo", flat=True).get(user=self.owner)

    def start(self) -> Click:
        upload = io.BytesIO(self.picture)
        upload.name = "photo.jpg"
        fields = {"first_name": "Olga", "last_name": "Owner", "time_zone": "UTC", "photo": upload}
        body = encode_multipart(BOUNDARY, fields | {"csrfmiddlewaretoken": "t" * 32})
        path = f"/people/{self.owner.username}/edit/"
        multipart = (MULTIPART_CONTENT, body)
        return self.arena.click(self.tenant.domain, path, session=self.session, multipart=multipart)

    def check(self) -> State:
        name = self.named()
        with within(self.tenant):
            folder = name.rpartition("/")[0]
            self.note("photos left by a kill, and swept", sweep.sweep(older_than=sweep.AGE * 0))
            folders = default_storage.listdir("photos")[0] if default_storage.exists("photos") else []
            demand([f"photos/{each}" for each in folders] == ([folder] if name else []), f"on disk: {folders}")
            key = folder.rpartition("/")[2]
            for size in SIZES if name else ():
                with default_storage.open(picture_name(key, size)) as file, Image.open(file) as image:  # type: ignore[arg-type]
                    image.load()
        return State.NOTHING if name == self.before else State.WHOLE

    def retry(self) -> None:
        self.before = self.named()
        answer = self.again()
        demand(answer.status == 302 and self.check() is State.WHOLE, f"the retry was answered {answer.status}")


class Deactivate(ClickOperation):
    name = "deactivation"

    def prepare(self) -> None:
        super().prepare()
        self.session = signed_in(self.tenant, self.owner)
        name = f"admin{self.number}"
        with within(self.tenant):
            self.member = User.objects.create_user(name, f"{name}@place.example", role=Role.ADMIN)
            self.invitation = Invitation.objects.create(email=f"by-{name}@place.example", invited_by=self.member)
            HandOff.objects.create(user=self.member)
        self.theirs = signed_in(self.tenant, self.member)

    def start(self) -> Click:
        path = f"/members/{self.member.username}/deactivate/"
        return self.arena.click(self.tenant.domain, path, {}, session=self.session)

    def check(self) -> State:
        answer = self.arena.get(self.tenant.domain, "/people/", session=self.theirs)
        demand(answer.status in (200, 302), f"the member is answered {answer.status}")
        with within(self.tenant):
            facts = {
                "the account": not User.objects.get(pk=self.member.pk).is_active,
                "the session": answer.status == 302,
                "the row of the session": not Session.objects.filter(user=self.member).exists(),
                "the invitation": not Invitation.objects.open().filter(pk=self.invitation.pk).exists(),
                "the hand-off": not HandOff.objects.filter(user=self.member).exists(),
            }
        try:
            return one_of(facts)
        except Torn as torn:
            raise Torn(f"of what has to end, {torn}") from None


def signed_in(tenant: Tenant, member: User) -> str:
    """The cookie of a member's session."""
    return str(SiteClient(tenant).sign_in(member).cookies[settings.SESSION_COOKIE_NAME].value)
