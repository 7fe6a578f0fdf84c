"""Five receivers that others wrote, in two organisations with the same primary keys."""

import pytest
from django.core import mail

from profiles.models import User
from tenants.context import within
from tenants.models import Tenant
from tests.receivers.models import (
    Article,
    AuthorStatistics,
    Cart,
    Follow,
    FollowerCount,
    Notice,
    OrderLine,
    Product,
)

NEWCOMER = 9_001


def newcomer(tenant: Tenant) -> User:
    """A person who joins, under the same primary key in each organisation."""
    with within(tenant):
        return User.objects.create_user("nora", f"nora@{tenant.slug}.example", id=NEWCOMER, first_name="Nora")


def test_each_new_user_gets_a_cart_of_their_own(receivers, acme, globex):
    newcomer(acme)
    with within(globex):
        assert not Cart.objects.exists()
    newcomer(globex)
    for tenant in (acme, globex):
        with within(tenant):
            user = Cart.objects.get(user_id=NEWCOMER).user
            assert user.email == f"nora@{tenant.slug}.example"
            user.save()
            assert Cart.objects.count() == 1


def test_statistics_of_an_author(receivers, acme, globex):
    for tenant, number in ((acme, 3), (globex, 1)):
        with within(tenant):
            for title in "abc"[:number]:
                Article.objects.create(author_id=1, title=title)
    with within(acme):
        Article.objects.get(title="b").delete()
        assert AuthorStatistics.objects.get(author=1).articles == 2
    with within(globex):
        assert AuthorStatistics.objects.get(author=1).articles == 1


def test_a_welcome_notice_with_mail(receivers, acme, globex, run_jobs):
    for tenant in (acme, globex):
        newcomer(tenant)
    run_jobs()
    assert sorted((message.to[0], message.body) for message in mail.outbox) == [
        ("nora@acme.example", "Welcome to Acme, Nora."),
        ("nora@globex.example", "Welcome to Globex, Nora."),
    ]
    for tenant in (acme, globex):
        with within(tenant):
            assert Notice.objects.get().user_id == NEWCOMER


def test_follower_counts(receivers, acme, globex):
    with within(acme):
        follows = [Follow.objects.create(follower_id=follower, followed_id=1) for follower in (2, 3)]
    with within(globex):
        Follow.objects.create(follower_id=2, followed_id=1)
    with within(acme):
        follows[0].delete()
        assert FollowerCount.objects.get(user=1).number == 1
        follows[1].delete()
        assert FollowerCount.objects.get(user=1).number == 0
    with within(globex):
        assert FollowerCount.objects.get(user=1).number == 1


def test_stock_lowered_by_an_order_line(receivers, acme, globex):
    for tenant in (acme, globex):
        with within(tenant):
            Product.objects.create(pk=1, name="Chair", stock=5)
    with within(acme):
        OrderLine.objects.create(product_id=1, quantity=4)
        with pytest.raises(receivers.OutOfStock, match="not 2 of Chair"):
            OrderLine.objects.create(product_id=1, quantity=2)
        assert Product.objects.get(pk=1).stock == 1
    with within(globex):
        assert Product.objects.get(pk=1).stock == 5
