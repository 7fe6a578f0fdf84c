"""The app. A product's would import its receivers in ready(); here a test connects them, and only while it
runs.
"""

from shared.capabilities.base import Capability


class ReceiversConfig(Capability):
    name = "tests.receivers"
    label = "receivers"
    exports = {
        "receivers.Cart.user": "mine",
        "receivers.Article.author": "mine",
        "receivers.Article_likes.user": "mine",
        "receivers.AuthorStatistics.author": "not mine",
        "receivers.Notice.user": "mine",
        "receivers.Follow.follower": "mine",
        "receivers.Follow.followed": "mentions me",
        "receivers.FollowerCount.user": "mine",
    }

    def ready(self) -> None:
        """Nothing is imported."""
