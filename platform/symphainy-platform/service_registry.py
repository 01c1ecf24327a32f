"""The services that the platform is made of, and how healthy they are."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

REGISTRY = Path(__file__).parent / "services" / "registry.json"

# A service that cannot tell within this time is not well. Below every prober's own time-out.
CHECK_TIMEOUT_SECONDS = 2.0

logger = logging.getLogger("symphainy.services")


class RegistryError(Exception):
    """The registry file is wrong. The platform does not start with it."""


@dataclass(frozen=True)
class Entry:
    name: str
    purpose: str


@dataclass(frozen=True)
class Check:
    """What a service's `check()` returns; raising counts as unhealthy too."""

    healthy: bool
    detail: str


@dataclass(frozen=True)
class Service:
    name: str
    purpose: str
    # Either the module, or why there is none.
    module: ModuleType | None
    failure: str = ""


@dataclass(frozen=True)
class Health:
    """Percentage of the registered services that are healthy, and each one's own word."""

    percentage: float
    checks: dict[str, Check]


class Services:
    def __init__(self, services: list[Service]) -> None:
        self._services = {service.name: service for service in services}
        self._unhealthy: set[str] = set()

    def __iter__(self):
        return iter(self._services.values())

    def get(self, name: str) -> Service | None:
        return self._services.get(name)

    async def health(self) -> Health:
        checks = await asyncio.gather(*(_check(service) for service in self))
        by_name = dict(zip(self._services, checks))
        self._log_changes(by_name)
        healthy = sum(check.healthy for check in checks)
        return Health(round(100 * healthy / len(checks), 1), by_name)

    def _log_changes(self, checks: dict[str, Check]) -> None:
        unhealthy = {name for name, check in checks.items() if not check.healthy}
        for name in sorted(unhealthy - self._unhealthy):
            logger.error("service %s is unhealthy: %s", name, checks[name].detail)
        for name in sorted(self._unhealthy - unhealthy):
            logger.info("service %s is healthy again", name)
        self._unhealthy = unhealthy


def read_registry(path: Path = REGISTRY) -> list[Entry]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["services"]
        entries = [Entry(row["name"], row["purpose"]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RegistryError(
            f"{path} cannot be read ({error!r}): "
            'it must be {"services": [{"name", "purpose"}, …]}.'
        ) from error
    names = [entry.name for entry in entries]
    for name in names:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or names.count(name) > 1:
            raise RegistryError(
                f"{path}: service {name!r} must be the unique name of a module in {path.parent}."
            )
    if not entries:
        raise RegistryError(
            f"{path} lists no service: a platform without any would always count as healthy."
        )
    return entries


def load_services(path: Path = REGISTRY) -> Services:
    """A service that cannot be imported counts as unhealthy; the platform starts and says so."""
    return Services([_load(entry) for entry in read_registry(path)])


def _load(entry: Entry) -> Service:
    try:
        return Service(entry.name, entry.purpose, importlib.import_module(f"services.{entry.name}"))
    except Exception as error:
        return Service(entry.name, entry.purpose, None, f"cannot be imported: {error!r}")


async def _check(service: Service) -> Check:
    if service.module is None:
        return Check(False, service.failure)
    try:
        check = await asyncio.wait_for(service.module.check(), CHECK_TIMEOUT_SECONDS)
    except asyncio.TimeoutError:
        return Check(False, f"check() gave no answer within {CHECK_TIMEOUT_SECONDS:g} s")
    except Exception as error:
        return Check(False, f"check() failed: {error!r}")
    if not isinstance(check, Check):
        return Check(False, f"check() returned {type(check).__name__} instead of Check")
    return check
