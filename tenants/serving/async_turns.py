"""Turns of coroutines (ASGI). They share a process's places with its threads, but wait without a thread."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.measures import measure
from tenants.serving.turn import Turn
from tenants.serving.turns import Turns, running


class AsyncTurn(Turn):
    """A turn that waits in an event loop. Other threads may call it."""

    def __init__(self, *, is_admitted: bool = False) -> None:
        super().__init__(is_admitted=is_admitted)
        self._loop = asyncio.get_running_loop()
        self._awake = asyncio.Event()

    def stir(self) -> None:
        super().stir()
        self._loop.call_soon_threadsafe(self._awake.set)

    async def stirred_within(self, seconds: float) -> bool:
        """Wait for stir(); returns False if it does not come within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return False
        self._awake.clear()
        return True


@asynccontextmanager
async def taken(turns: Turns, organisation: str, *, is_admitted: bool = False) -> AsyncIterator[None]:
    """Run when it is this organisation's turn. Raises Crowded as Turns.taken() does."""
    turn = AsyncTurn(is_admitted=is_admitted)
    turns.enter(organisation, turn)
    try:
        while not turn.is_called:
            if not await turn.stirred_within(turns.patience(organisation)):
                turns.look_again()
        measure("turn", turn.waited)
        with running(turns, organisation, turn):
            yield
    finally:
        # Also if the client disconnected while the request waited.
        turns.leave(organisation, turn)
