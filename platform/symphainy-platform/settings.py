"""The platform's environment variables, read once and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SERVICE_IDENTITIES = ("NONE", "GOOGLE")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingError(ValueError):
    """An environment variable has a value that is not allowed."""

    def __init__(self, key: str, value: str, allowed: str) -> None:
        super().__init__(f"{key}={value!r} is not allowed: it must be {allowed}.")


@dataclass(frozen=True)
class Settings:
    """Times are in seconds."""

    port: int = 8000
    health_threshold_percent: float = 80.0
    # Longer than the load balancer's idle time-out (60 by default on an ALB): the side that closes
    # an idle connection must be the load balancer, or it sends a request into a connection that is
    # just being closed.
    keep_alive_seconds: float = 75.0
    drain_seconds: float = 20.0
    log_level: str = "INFO"
    release: str = "unreleased"
    service_discovery: bool = True
    test_environment: bool = False
    # Public path prefix that nobody cuts off on the way; empty: there is none.
    path_prefix: str = ""
    # Base URL of each platform that this one calls, by name.
    platforms: Mapping[str, str] = field(default_factory=dict)
    # Whose token goes with each of those calls; NONE: none.
    service_identity: str = "NONE"
    # Google's own variable; its client libraries read it too.
    metadata_host: str = "metadata.google.internal"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """An absent or empty variable keeps its default. Raises SettingError."""
        source = _Source(environment)
        return cls(
            port=int(source.number("PORT", cls.port, 1, 65535, whole=True)),
            health_threshold_percent=source.number(
                "HEALTH_THRESHOLD_PERCENT", cls.health_threshold_percent, 1, 100
            ),
            keep_alive_seconds=source.number(
                "KEEP_ALIVE_SECONDS", cls.keep_alive_seconds, 0.1, 4000
            ),
            drain_seconds=source.number("DRAIN_SECONDS", cls.drain_seconds, 0, 3600),
            log_level=source.choice("LOG_LEVEL", cls.log_level, LOG_LEVELS),
            release=source.token("RELEASE_ID", cls.release),
            service_discovery=source.flag("SERVICE_DISCOVERY", cls.service_discovery),
            test_environment=source.flag("TEST_ENVIRONMENT", cls.test_environment),
            path_prefix=source.path("PATH_PREFIX", cls.path_prefix),
            platforms=source.urls("SERVICE_ENDPOINTS"),
            service_identity=source.choice(
                "SERVICE_IDENTITY", cls.service_identity, SERVICE_IDENTITIES
            ),
            metadata_host=source.host("GCE_METADATA_HOST", cls.metadata_host),
        )


class _Source:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def number(
        self, key: str, default: float, low: float, high: float, whole: bool = False
    ) -> float:
        text = self._environment.get(key, "").strip()
        if not text:
            return default
        try:
            value = float(int(text)) if whole else float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise SettingError(
                key, text, f"a {'whole ' if whole else ''}number from {low:g} to {high:g}"
            )
        return value

    def choice(self, key: str, default: str, allowed: tuple[str, ...]) -> str:
        text = self._environment.get(key, "").strip() or default
        if text.upper() not in allowed:
            raise SettingError(key, text, f"one of {', '.join(allowed)}")
        return text.upper()

    def flag(self, key: str, default: bool) -> bool:
        text = self._environment.get(key, "").strip().lower()
        if text not in ("", "true", "false"):
            raise SettingError(key, text, "true or false")
        return default if not text else text == "true"

    def token(self, key: str, default: str) -> str:
        text = self._environment.get(key, "").strip() or default
        # It becomes a response header: anything else would break every response.
        if not re.fullmatch(r"[A-Za-z0-9._:@/+-]{1,200}", text):
            raise SettingError(key, text, "1 to 200 letters, digits or one of . _ : @ / + -")
        return text

    def host(self, key: str, default: str) -> str:
        text = self._environment.get(key, "").strip() or default
        if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", text):
            raise SettingError(key, text, "a host, with or without a port")
        return text

    def path(self, key: str, default: str) -> str:
        text = self._environment.get(key, "").strip() or default
        if not re.fullmatch(r"(/[\w.~-]+)*/?", text):
            raise SettingError(key, text, "a path such as /reports")
        return text.rstrip("/")

    def urls(self, key: str) -> dict[str, str]:
        text = self._environment.get(key, "").strip() or "{}"
        try:
            urls = json.loads(text)
        except (ValueError, RecursionError):
            urls = None
        if not isinstance(urls, dict) or not all(
            re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name) and _is_base_url(url)
            for name, url in urls.items()
        ):
            raise SettingError(
                key,
                text,
                'a JSON object of names and base URLs, such as {"reports": "http://reports:8000"}',
            )
        return {name: url.rstrip("/") for name, url in urls.items()}


def _is_base_url(url: object) -> bool:
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        # The port is read only when it is asked for.
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
