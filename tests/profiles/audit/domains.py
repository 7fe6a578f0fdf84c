"""The stories of domains: what owners do with one, and what its checks find. Read also where the app is taken out."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

from profiles.testing import SiteClient
from profiles.testing.jobs import run_jobs
from tenants.context import public, within
from tenants.models import Domain
from tests.profiles.audit.scene import Scene, Told

HOST = "people.customer.example"
MAIL_DOMAIN = "customer.example"
RIGHT = {"state": "live", "proof_error": "", "address_error": ""}


def made(scene: Scene, **values: Any) -> Any:
    """A domain of acme, which leads to it if it is live."""
    with public():
        if values.get("state") == "live":
            Domain.objects.create(tenant=scene.acme, domain=HOST, is_primary=False)
        model = import_string("profiles.own_domains.models.OwnDomain")
        return model.objects.create(tenant=scene.acme, host=HOST, **values)


def add(scene: Scene) -> None:
    scene.browser("owner").post("/settings/domains/add/", {"host": HOST})


def remove(scene: Scene) -> None:
    scene.browser("owner").post(f"/settings/domains/{made(scene).pk}/remove/")


def choose(scene: Scene) -> None:
    made(scene, **RIGHT)
    scene.browser("owner").post("/settings/domains/main/", {"host": HOST})


def mail_domain(scene: Scene, **values: Any) -> Any:
    with public():
        model = import_string("profiles.mail_domains.models.MailDomain")
        return model.objects.create(tenant=scene.acme, domain=MAIL_DOMAIN, **values)


def add_mail_domain(scene: Scene) -> None:
    scene.browser("owner").post("/settings/email-domains/add/", {"domain": MAIL_DOMAIN})


def remove_mail_domain(scene: Scene) -> None:
    scene.browser("owner").post(f"/settings/email-domains/{mail_domain(scene).pk}/remove/")


def let_join(scene: Scene) -> None:
    domain = mail_domain(scene, proved=timezone.now(), error="")
    scene.browser("owner").post(f"/settings/email-domains/{domain.pk}/joining/", {"joins": "at_once", "role": "editor"})


def use_mail_domain(scene: Scene) -> None:
    mail_domain(scene, proved=timezone.now(), error="", joins="at_once")
    SiteClient(scene.acme).post("/email-domain/join/", {"name": "Nora New", "email": f"nora@{MAIL_DOMAIN}"})
    run_jobs()


def mail_check(error: str, **values: Any) -> Any:
    """A check of an email domain that finds this mistake."""

    def story(scene: Scene) -> None:
        domain = mail_domain(scene, **values)
        with within(scene.acme):
            settle = import_string("profiles.mail_domains.settling.settle")
            settle(domain, import_string("shared.dns_proofs.Mistake")(error))

    return story


def found(proof: str, address: str, **values: Any) -> Any:
    """A check that finds these mistakes."""

    def story(scene: Scene) -> None:
        looking = "profiles.own_domains.looking"
        mistake = import_string("shared.dns_proofs.Mistake")
        findings = import_string(f"{looking}.Findings")(mistake(proof), mistake(address))
        domain = made(scene, **values)
        with within(scene.acme):
            import_string("profiles.own_domains.settling.settle")(domain, findings)

    return story


LONG_AGO = timezone.now() - timedelta(days=40)
DOMAINS: dict[str, Told] = {
    "own_domain.added": (add, "Olga Owner", HOST, {}),
    "own_domain.removed": (remove, "Olga Owner", HOST, {}),
    "own_domain.canonical": (choose, "Olga Owner", "Acme", {"address": ["acme.localhost", HOST]}),
    "own_domain.proved": (found("", "no_name"), "", HOST, {}),
    "own_domain.live": (found("", ""), "", HOST, {}),
    "own_domain.failing": (found("no_proof", "", **RIGHT), "", HOST, {}),
    "mail_domain.added": (add_mail_domain, "Olga Owner", MAIL_DOMAIN, {}),
    "mail_domain.removed": (remove_mail_domain, "Olga Owner", MAIL_DOMAIN, {}),
    "mail_domain.changed": (
        let_join,
        *("Olga Owner", MAIL_DOMAIN, {"joins": ["off", "at_once"], "role": ["reader", "editor"]}),
    ),
    "mail_domain.used": (use_mail_domain, "", "Nora New", {}),
    "mail_domain.proved": (mail_check(""), "", MAIL_DOMAIN, {}),
    "mail_domain.failing": (mail_check("no_proof", proved=LONG_AGO), "", MAIL_DOMAIN, {}),
    "mail_domain.lapsed": (mail_check("no_proof", proved=LONG_AGO, proof_gone=LONG_AGO), "", MAIL_DOMAIN, {}),
    "own_domain.released": (found("no_proof", "", state="failing", proof_gone=LONG_AGO), "", HOST, {}),
}
