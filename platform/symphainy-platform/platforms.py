"""The other platforms that this one calls, each at its own URL: who answers there, and what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platform_client import PlatformClient

# From the first byte that is sent to the last one that is received.
CALL_TIMEOUT_SECONDS = 10.0
# A platform that does not say within this time that it is there counts as not reachable.
REACH_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Reach:
    """Whether a platform answers, and as which release."""

    name: str
    endpoint: str
    release: str | None


@dataclass(frozen=True)
class Answer:
    """What a platform answered, whatever its status."""

    status: int
    release: str
    content: dict


class NoAnswer(Exception):
    """Nobody answered, or nobody who is a platform. The message is for the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Platforms:
    def __init__(self, endpoints: Mapping[str, str], client: PlatformClient) -> None:
        self._endpoints = dict(endpoints)
        self._client = client

    def __iter__(self):
        return iter(self._endpoints)

    async def reach(self) -> list[Reach]:
        """Asks all of them at once."""
        return await asyncio.gather(*(self._reach(name) for name in self))

    async def call(self, name: str, service: str, body: bytes) -> Answer:
        """Passes a call of a service on. Raises NoAnswer."""
        exchange = self._client.exchange(
            name, self._endpoints[name], f"/api/services/{service}", body
        )
        try:
            return await asyncio.wait_for(exchange, CALL_TIMEOUT_SECONDS)
        except asyncio.TimeoutError as error:
            raise NoAnswer(
                504,
                f"Platform {name} gave no answer within {CALL_TIMEOUT_SECONDS:g} s. "
                "It may have done what it was asked for.",
            ) from error

    async def _reach(self, name: str) -> Reach:
        endpoint = self._endpoints[name]
        try:
            exchange = self._client.exchange(name, endpoint, "/live")
            answer = await asyncio.wait_for(exchange, REACH_TIMEOUT_SECONDS)
        except (NoAnswer, asyncio.TimeoutError):
            return Reach(name, endpoint, None)
        return Reach(name, endpoint, answer.release if answer.status == 200 else None)
