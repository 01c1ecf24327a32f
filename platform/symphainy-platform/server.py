"""uvicorn with the order of shutting down that a load balancer needs."""

from __future__ import annotations

import asyncio
import logging
import signal
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from lifecycle import Lifecycle
from settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

logger = logging.getLogger("symphainy.server")


class DrainingServer(uvicorn.Server):
    """
    On SIGTERM or SIGINT: readiness fails, connections are accepted for `drain_seconds` more, then
    no longer; what is in flight is finished, and the process exits 0.

    uvicorn alone refuses new connections at once, while the load balancer goes on sending them
    until it has noticed. A second signal ends the drain early; a third, if SIGINT, drops what is
    still in flight.
    """

    def __init__(self, application: ASGIApp, settings: Settings, lifecycle: Lifecycle) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                host="0.0.0.0",
                port=settings.port,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                # A query string may hold what does not belong in a log; the load balancer keeps the
                # access log.
                access_log=False,
                server_header=False,
                # Set here and not by a middleware, so that uvicorn's own answers (400 to what is no
                # HTTP, 500 to what the application did not catch) name the release too.
                headers=[("x-release-id", settings.release)],
                timeout_keep_alive=settings.keep_alive_seconds,  # type: ignore[arg-type]
            )
        )
        self._drain_seconds = settings.drain_seconds
        self._lifecycle = lifecycle
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not recorded as uvicorn would: it raises recorded signals again at the end, and the exit
        # code would not be 0.
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        elif self._lifecycle.draining or self._loop is None:
            self.should_exit = True
        else:
            self._lifecycle.begin_draining()
            self._loop.call_soon_threadsafe(self._drain, signal.Signals(sig).name)

    def _drain(self, name: str) -> None:
        logger.info(
            "%s: readiness fails from now on, connections are accepted for %g s",
            name,
            self._drain_seconds,
        )
        asyncio.get_running_loop().call_later(self._drain_seconds, self._stop_accepting)

    def _stop_accepting(self) -> None:
        self.should_exit = True
