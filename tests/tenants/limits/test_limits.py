"""Rate limits: shared by all processes, exact with fifty at once; and the client address."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import RequestFactory

from tenants.context import public
from tenants.limits.addresses import client_address
from tenants.limits.counting import Rate, TooOften, sweep, take
from tenants.limits.models import Limit


def test_of_fifty_at_once_no_more_get_through_than_may(committed):
    start = Barrier(50)

    def one(_number: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait()
            take("race", Rate(7, 60), "ada")
        except TooOften:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(one, range(50))) == 7


def test_no_more_than_so_many_in_any_period(db):
    """The window slides: a fixed hour would reset all counts at its end."""
    rate = Rate(3, 60)
    hits = [take("a", rate, "ada") for _ in range(3)]
    with pytest.raises(TooOften) as refused:
        take("a", rate, "ada")
    assert 0 < refused.value.wait <= 60
    age(hits[0], seconds=61)
    take("a", rate, "ada")
    with pytest.raises(TooOften):
        take("a", rate, "ada")


def age(hit, *, seconds):
    """Let one that was counted be older than it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenants_limit SET hits = array_replace(hits, %s, %s - %s * interval '1 second') WHERE key = %s",
            [hit.at, hit.at, seconds, hit.key],
        )


def test_refused_attempts_do_not_make_the_wait_longer(db):
    take("a", Rate(1, 60), "ada")
    waits = []
    for _ in range(3):
        with pytest.raises(TooOften) as refused:
            take("a", Rate(1, 60), "ada")
        waits.append(refused.value.wait)
    assert waits == sorted(waits, reverse=True)


def test_what_is_given_back_may_be_done_again(db):
    take("a", Rate(1, 60), "ada").give_back()
    take("a", Rate(1, 60), "ada")


def test_no_part_passes_for_two(db):
    take("a", Rate(1, 60), "b c")
    take("a", Rate(1, 60), "b", "c")


def test_what_counts_no_more_is_swept(db):
    take("a", Rate(1, 60), "old")
    take("a", Rate(1, 60), "new")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenants_limit SET expires = now() - interval '1 second'"
            " WHERE key = (SELECT min(key) FROM tenants_limit)"
        )
    assert sweep() == 1
    assert Limit.objects.count() == 1


def test_the_table_is_not_written_to_the_log(db):
    with public(), connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'public.tenants_limit'::regclass")
        assert cursor.fetchone()[0] == "u"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.1, 192.0.2.1", "192.0.2.1"),
        (2, "203.0.113.9, 203.0.113.1, 192.0.2.1", "203.0.113.1"),
        (2, "192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(settings, proxies, forwarded, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_address(RequestFactory().get("/", headers={"x-forwarded-for": forwarded})) == seen
