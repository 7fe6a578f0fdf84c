"""Why an organisation was not placed. Each message is made of sentences, and says what to do."""

from tenants.errors import WrongState


class NotPlaced(RuntimeError):
    """Placing did not begin, or stopped on the way. The organisation is whole, and the same call goes on."""


class NoCluster(NotPlaced):
    """The server is no coordinator of a cluster, or is not said to be one, or has no such node."""


class Unequal(NotPlaced):
    """Rows or sequences are not what they were before. Nothing was changed."""


class Busy(WrongState):
    """`migrate` or another placing is running."""
