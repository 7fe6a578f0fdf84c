"""A row of each model of this app, for tests that need one of every model."""

from profiles.models import User
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


def make(people: dict[str, User]) -> None:
    reader, editor = people["reader"], people["editor"]
    Cart.objects.create(user=reader)
    Article.objects.create(author=editor, title="First").likes.add(reader)
    AuthorStatistics.objects.create(author=editor, articles=1)
    Notice.objects.create(user=reader, text="Hello")
    Follow.objects.create(follower=reader, followed=editor)
    FollowerCount.objects.create(user=editor, number=1)
    OrderLine.objects.create(product=Product.objects.create(name="Rocket", stock=3), quantity=2)
