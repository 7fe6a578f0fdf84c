"""tenant_receiver: a signal receiver that runs in the tenant of the object it is about. schema_migrated: a signal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import ModelSignal, class_prepared, post_delete, pre_delete
from django.db.models.utils import make_model_tuple
from django.dispatch import Signal

from tenants import context
from tenants.errors import NoTenant
from tenants.isolation import ownership

Receiver = Callable[..., Any]

# Sent inside a tenant, in the transaction that has brought it to the state of the code, if RunPython or RunSQL may have
# written rows on the way. Models that migrations see send no signals that receivers hear: what has to exist beside
# their rows is made now.
schema_migrated = Signal()

# Sent in `public`, in each process, at its first request and within seconds after the directory has changed
# (tenants/serving/hosts.py). Receivers read again what every page shows of `public`.
directory_changed = Signal()

# Sent with `tenant`, in the transaction that has given it another canonical host (`tenant.domain`).
address_changed = Signal()

# removal_begins is sent with `tenant` at each attempt to remove an organisation; a receiver that raises WrongState
# prevents the removal. removal_is_done is sent when everything but the organisation's row in the directory is deleted.
removal_begins = Signal()
removal_is_done = Signal()


def tenant_receiver(
    signal: Signal | list[Signal] | tuple[Signal, ...], *, sender: Any = None
) -> Callable[[Receiver], Receiver]:
    """Connect a receiver to a signal (or several) of models that live in the tenants.

    The receiver is registered once, however often its module is imported. It also receives the signals of the sender's
    proxies and of models that inherit from it, also if they are defined later: Django sends those with their own class.
    It is not called for fixtures (`raw`), which bring their own rows. It runs in the tenant of `instance`; outside all
    tenants it raises NoTenant. It may be `async def`. Raises TypeError for a generator, a partial or an object.

        @tenant_receiver(post_save, sender=settings.AUTH_USER_MODEL)
        def make_cart(sender, instance, created, **kwargs):
            if created:
                Cart.objects.create(user=instance)
    """
    signals = signal if isinstance(signal, list | tuple) else [signal]

    def connect(function: Receiver) -> Receiver:
        name = context.name_of(function)
        receiver = function if iscoroutinefunction(function) else context.eager(function)
        for each in signals:
            connect_kinds(each, at_home(receiver, name), sender, name)
        return function

    return connect


def connect_kinds(signal: Signal, receiver: Receiver, sender: Any, name: str) -> None:
    """Connect a receiver for a model, its proxies and its children. The model may be "app.Model", not yet loaded."""
    if sender is None or not isinstance(signal, ModelSignal):
        signal.connect(receiver, sender=sender, weak=False, dispatch_uid=name)
        return

    def connect(model: type[Model]) -> None:
        def connect_kind(sender: type[Model], **_kwargs: Any) -> None:
            if is_kind(sender, of=model, signal=signal):
                signal.connect(receiver, sender=sender, weak=False, dispatch_uid=name)

        for kind in (model, *descendants(model)):
            connect_kind(kind)
        class_prepared.connect(connect_kind, weak=False, dispatch_uid=(name, id(signal)))

    apps.lazy_model_operation(connect, make_model_tuple(sender))


def is_kind(model: type[Model], *, of: type[Model], signal: Signal) -> bool:
    """Does this model send the signal for rows of `of`? A deletion sends the signal once for each table of the row."""
    once_for_each_table = signal in (pre_delete, post_delete)
    return issubclass(model, of) and not (
        once_for_each_table and model._meta.concrete_model is not of._meta.concrete_model
    )


def descendants(model: type[Model]) -> Iterator[type[Model]]:
    for child in model.__subclasses__():
        yield child
        yield from descendants(child)


def at_home(function: Receiver, name: str) -> Receiver:
    """Wrap a receiver so that it runs in the instance's tenant and never for fixtures."""

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
    """The context in which a receiver has to run: the instance's tenant, which is nearly always the current one."""
    tenant = context.current()
    home = ownership.home(instance) or (tenant and tenant.schema_name)
    if home is None:
        raise NoTenant(f"{receiver} was called outside all organisations. Use `with within(tenant):` around the call.")
    if tenant is not None and tenant.schema_name == home:
        return nullcontext()
    from tenants.models import Tenant

    with context.public():
        return context.within(Tenant.objects.get(schema_name=home))
