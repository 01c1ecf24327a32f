"""Whether the platform is on its way out. Written by the server, read by the endpoints."""

from __future__ import annotations


class Lifecycle:
    def __init__(self) -> None:
        self._draining = False

    @property
    def draining(self) -> bool:
        return self._draining

    def begin_draining(self) -> None:
        self._draining = True
