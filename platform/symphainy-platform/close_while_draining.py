"""ASGI middleware for the time between the stop signal and the end of accepting."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifecycle import Lifecycle


class CloseWhileDraining:
    """
    While draining, each response also ends its connection.

    What the load balancer keeps open is retired in an orderly way, not cut when accepting ends.
    """

    def __init__(self, application: ASGIApp, lifecycle: Lifecycle) -> None:
        self._application = application
        self._lifecycle = lifecycle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and self._lifecycle.draining:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        await self._application(scope, receive, send_closing)
