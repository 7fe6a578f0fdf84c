"""Which domains owners can add: no public mail providers, and none of the product's own domains."""

import pytest
from django.core.exceptions import ValidationError

from profiles.mail_domains.names import clean


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("Customer.Example", "customer.example"),
        (" olga@customer.example. ", "customer.example"),
        ("https://customer.example/about", "customer.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("not-gmail.com", "not-gmail.com"),
    ],
)
def test_what_people_paste_is_understood(typed, domain):
    assert clean(typed) == domain


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        (
            "public",
            "gmail.com GoogleMail.com outlook.com gmx.de web.de proton.me yandex.ru qq.com tuta.com me.gmail.com",
        ),
        ("reserved", "app.example acme.app.example partner.example eu.partner.example"),
        ("invalid", "customer com .com a..b -a.example straße.example 192.0.2.1 [::1] x@ a_b.example \0.example"),
        ("invalid", f" {'a' * 64}.example {'a.' * 150}example"),
    ],
)
def test_others_are_refused(settings, code, typed):
    settings.BASE_DOMAIN, settings.MAIL_DOMAINS_REFUSED = "app.example", ["partner.example"]
    for each in typed.split(" "):
        with pytest.raises(ValidationError) as refusal:
            clean(each)
        assert refusal.value.code == code, each


def test_a_form_keeps_what_was_typed_and_says_why(as_user, owner, settings):
    settings.MAIL_DOMAINS_MOST = 1
    browser = as_user(owner)

    def errors(domain):
        form = browser.post("/settings/email-domains/add/", {"domain": domain}).context["form"]
        assert form["domain"].value() == domain
        return form.errors["domain"]

    assert errors("gmail.com") == ["Anyone can get an address at gmail.com, so it cannot be an organisation's."]
    assert errors("acme.localhost") == ["This domain is reserved and cannot be used."]
    assert browser.post("/settings/email-domains/add/", {"domain": "customer.example"}).status_code == 302
    assert errors("other.example") == ["An organisation can have 1 email domain. Remove it first."]
    settings.MAIL_DOMAINS_MOST = 2
    assert errors("customer.example") == ["You have added this domain already."]
