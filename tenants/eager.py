"""Blocks and wrappers for functions that finish before they return; they raise TypeError for all others."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from contextlib import AbstractContextManager, ContextDecorator, contextmanager
from functools import partial, wraps
from inspect import isasyncgenfunction, isgeneratorfunction
from typing import Any, ParamSpec, Self, TypeVar

from asgiref.sync import iscoroutinefunction

P = ParamSpec("P")
T = TypeVar("T")


REFUSED = (
    "{function!r} runs after its call has returned, when another organisation may be current. "
    "Give an ordinary function; it may call async_to_sync() inside."
)


def eager(function: Callable[P, T]) -> Callable[P, T]:
    """`function`, which has finished when its call returns.

    Raises TypeError for a coroutine or generator function, also in a partial, as a method or as an object's `__call__`:
    its code runs after the call has returned, when another tenant may be current. Of a function inside another
    decorator or a lambda only the call shows it: then the call raises TypeError.
    """
    for each in (function, getattr(type(unwrapped(function)), "__call__", None)):  # noqa: B004  for its code
        if iscoroutinefunction(each) or isgeneratorfunction(each) or isasyncgenfunction(each):
            raise TypeError(REFUSED.format(function=function))

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        result = function(*args, **kwargs)
        if isinstance(result, Coroutine | Generator | AsyncGenerator):
            if not isinstance(result, AsyncGenerator):
                result.close()
            raise TypeError(REFUSED.format(function=function))
        return result

    return call


def unwrapped(function: Any) -> Any:
    """The function inside any number of partials."""
    while isinstance(function, partial):
        function = function.func
    return function


def name_of(function: Callable[..., Any]) -> str:
    """The name by which another process finds the function. Raises TypeError for a partial or an object without one."""
    try:
        return f"{function.__module__}.{function.__qualname__}"
    except AttributeError:
        raise TypeError(f"{function!r} has no name. Give a function that is defined with `def`.") from None


class Block(ContextDecorator, AbstractContextManager[T]):
    """A context manager that is a decorator too, but refuses functions whose code runs after the block has ended."""

    def __init__(self, manage: Callable[[], AbstractContextManager[T]]) -> None:
        self._manage = manage

    def __enter__(self) -> T:
        self._entered = self._manage()
        return self._entered.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        return self._entered.__exit__(*error)

    def __call__(self, function: Any) -> Any:
        return super().__call__(eager(function))

    def _recreate_cm(self) -> Self:
        """ContextDecorator enters a new context manager for each call."""
        return type(self)(self._manage)


def block(function: Callable[P, Iterator[T]]) -> Callable[P, Block[T]]:
    """Like `contextmanager`, but returns a Block."""
    manager = contextmanager(function)

    @wraps(function)
    def make(*args: P.args, **kwargs: P.kwargs) -> Block[T]:
        return Block(lambda: manager(*args, **kwargs))

    return make
