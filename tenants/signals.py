"""tenant_receiver: a signal receiver that runs in the tenant of the object it is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.dispatch import Signal

from tenants import context
from tenants.errors import NoTenant
from tenants.isolation import ownership

Receiver = Callable[..., Any]


def tenant_receiver(
    signal: Signal | list[Signal] | tuple[Signal, ...], *, sender: Any = None
) -> Callable[[Receiver], Receiver]:
    """Connect a receiver to a signal (or several) of models that live in the tenants.

    Registered once, however often its module is imported. Not called for fixtures (`raw`), which bring their
    own rows. Runs in the tenant of `instance`; raises NoTenant outside all tenants, rather than write to who
    knows where. May be `async def`; raises TypeError for a generator, a partial, an object.

        @tenant_receiver(post_save, sender=settings.AUTH_USER_MODEL)
        def make_cart(sender, instance, created, **kwargs):
            if created:
                Cart.objects.create(user=instance)
    """
    signals = signal if isinstance(signal, list | tuple) else [signal]

    def connect(function: Receiver) -> Receiver:
        name = context.name_of(function)
        if not iscoroutinefunction(function):
            context.eager(function)
        for each in signals:
            # ModelSignal takes a sender as "app.Model" too, before the model is loaded.
            each.connect(at_home(function, name), sender=sender, weak=False, dispatch_uid=name)
        return function

    return connect


def at_home(function: Receiver, name: str) -> Receiver:
    """The receiver that Django calls: ours, in its tenant, and never for fixtures."""

    @wraps(function)
    def receive(sender: Any, **kwargs: Any) -> Any:
        if kwargs.get("raw"):
            return None
        with home_of(kwargs.get("instance"), name):
            return function(sender, **kwargs)

    @wraps(function)
    async def receive_async(sender: Any, **kwargs: Any) -> Any:
        if kwargs.get("raw"):
            return None
        with home_of(kwargs.get("instance"), name):
            return await function(sender, **kwargs)

    return receive_async if iscoroutinefunction(function) else receive


def home_of(instance: Any, receiver: str) -> AbstractContextManager[Any]:
    """Where a receiver has to run: the tenant that the instance is of, which is nearly always the current
    one.
    """
    tenant = context.current()
    home = ownership.home(instance) or (tenant and tenant.schema_name)
    if home is None:
        raise NoTenant(f"{receiver} was called outside all organisations. Use `with within(tenant):` around the call.")
    if tenant is not None and tenant.schema_name == home:
        return nullcontext()
    from tenants.models import Tenant

    with context.public():
        return context.within(Tenant.objects.get(schema_name=home))
