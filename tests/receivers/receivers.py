"""The five examples that every tutorial on signals has, for organisations: each works in the tenant of its
object.
"""

from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.signals import post_delete, post_save

from profiles.models import User
from tenants.context import required
from tenants.signals import tenant_receiver
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
from tests.receivers.tasks import send_notice


class OutOfStock(Exception):
    """More was ordered than there is."""


@tenant_receiver(post_save, sender=settings.AUTH_USER_MODEL)
def make_cart(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    if created:
        Cart.objects.create(user=instance)


@tenant_receiver([post_save, post_delete], sender=Article)
def count_articles(sender: type[Article], instance: Article, **kwargs: Any) -> None:
    articles = Article.objects.filter(author=instance.author_id).count()
    AuthorStatistics.objects.update_or_create(author_id=instance.author_id, defaults={"articles": articles})


@tenant_receiver(post_save, sender=User)
def welcome(sender: type[User], instance: User, created: bool, **kwargs: Any) -> None:
    if created:
        notice = Notice.objects.create(user=instance, text=f"Welcome to {required().name}, {instance.name}.")
        send_notice.defer(pk=notice.pk)


@tenant_receiver(post_save, sender=Follow)
def one_more(sender: type[Follow], instance: Follow, created: bool, **kwargs: Any) -> None:
    if created:
        FollowerCount.objects.get_or_create(user_id=instance.followed_id)
        FollowerCount.objects.filter(user=instance.followed_id).update(number=F("number") + 1)


@tenant_receiver(post_delete, sender=Follow)
def one_less(sender: type[Follow], instance: Follow, **kwargs: Any) -> None:
    FollowerCount.objects.filter(user=instance.followed_id).update(number=F("number") - 1)


@tenant_receiver(post_save, sender=OrderLine)
def take_from_stock(sender: type[OrderLine], instance: OrderLine, created: bool, **kwargs: Any) -> None:
    if created:
        enough = Product.objects.filter(pk=instance.product_id, stock__gte=instance.quantity)
        if not enough.update(stock=F("stock") - instance.quantity):
            raise OutOfStock(f"There are not {instance.quantity} of {instance.product.name}.")
