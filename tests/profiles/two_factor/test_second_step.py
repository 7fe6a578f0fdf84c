"""What the second step of signing in keeps up: where one is sent, how often one may try, and after a reset."""

import re

import pytest

from profiles.testing import PASSWORD, SiteClient
from tests.daily import part_each_day
from tests.profiles.sign_in.pages import LOGIN
from tests.profiles.two_factor.codes import SECRET, code_of
from tests.security.test_redirects import ELSEWHERE, leads_away

NEW = "a different battery staple"


@pytest.mark.parametrize("target", part_each_day(ELSEWHERE))
def test_it_sends_nobody_elsewhere(visitor, protected, target):
    """Where it was asked for in the first step, and is remembered since, or in the second."""
    query = {"next": target}
    first = visitor.post(LOGIN, {"login": "reader", "password": PASSWORD, **query}, query_params=query)
    assert first["Location"].startswith("/account/2fa/authenticate/")
    second = {"code": code_of(SECRET), **query}
    response = visitor.post("/account/2fa/authenticate/", second, query_params=query)
    assert response.status_code == 302
    assert not leads_away(response)


def test_codes_count_for_all_addresses_together(acme, protected):
    pages = []
    for number in range(6):
        browser = SiteClient(acme, REMOTE_ADDR=f"198.51.100.{number}")
        browser.post(LOGIN, {"login": "reader", "password": PASSWORD})
        pages.append(browser.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode())
    assert ["Too many attempts. Try again in" in page for page in pages] == [False] * 5 + [True]


def test_it_stays_after_a_new_password(visitor, protected, run_jobs, mailoutbox):
    visitor.post("/account/password/reset/", {"email": protected.email})
    run_jobs()
    (path,) = re.findall(r"/account/password/reset/key/\S+", mailoutbox[-1].body)
    page = visitor.get(path, follow=True)
    visitor.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    response = visitor.post(LOGIN, {"login": "reader", "password": NEW})
    assert response["Location"].startswith("/account/2fa/authenticate/")
