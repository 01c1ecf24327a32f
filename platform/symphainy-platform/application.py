"""The platform's endpoints."""

from __future__ import annotations

import asyncio
import hashlib
import json
import platform
import re
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from close_while_draining import CloseWhileDraining
from lifecycle import Lifecycle
from platforms import NoAnswer, Platforms
from service_registry import Services
from settings import Settings

LONGEST_DELAY_MS = 10_000
LARGEST_REQUEST_BYTES = 1 << 20


def create_application(settings: Settings, services: Services, lifecycle: Lifecycle) -> ASGIApp:
    application = FastAPI(
        title="Symphainy Platform",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Paths are found with and without it: the container's own check knows of none.
        root_path=settings.path_prefix,
    )
    platforms = _platforms(settings)
    _add_probes(application, settings, services, lifecycle)
    _add_echo(application, settings)
    _add_services(application, settings, services, platforms)
    _add_platforms(application, settings, platforms)
    return CloseWhileDraining(application, lifecycle)


def _platforms(settings: Settings) -> Platforms | None:
    if not settings.platforms:
        return None
    from platform_client import PlatformClient

    return Platforms(settings.platforms, PlatformClient(settings))


def _add_probes(
    application: FastAPI, settings: Settings, services: Services, lifecycle: Lifecycle
) -> None:
    @application.get("/live")
    async def live() -> Response:
        return JSONResponse({"status": "live", "release": settings.release})

    @application.get("/ready")
    async def ready() -> Response:
        status, body = await report()
        return JSONResponse({"status": body["status"], "release": settings.release}, status)

    @application.get("/health")
    async def health() -> Response:
        status, body = await report()
        return JSONResponse(body, status)

    @application.get("/")
    @application.get("/version")
    async def version() -> Response:
        return JSONResponse(
            {
                "name": "symphainy-platform",
                "release": settings.release,
                "python": platform.python_version(),
                "test_environment": settings.test_environment,
            }
        )

    async def report() -> tuple[int, dict]:
        result = await services.health()
        healthy = result.percentage >= settings.health_threshold_percent
        status = "shutting down" if lifecycle.draining else "healthy" if healthy else "unhealthy"
        body = {
            "status": status,
            "health_percentage": result.percentage,
            "threshold_percent": settings.health_threshold_percent,
            "release": settings.release,
            "services": {
                name: {"healthy": check.healthy, "detail": check.detail}
                for name, check in result.checks.items()
            },
        }
        return (200 if status == "healthy" else 503), body


def _add_echo(application: FastAPI, settings: Settings) -> None:
    @application.get("/api/echo")
    async def echo(
        request: Request, delay_ms: Annotated[int, Query(ge=0, le=LONGEST_DELAY_MS)] = 0
    ) -> Response:
        if delay_ms and not settings.test_environment:
            raise HTTPException(
                403, "delay_ms is only for test environments: set TEST_ENVIRONMENT=true."
            )
        await asyncio.sleep(delay_ms / 1000)
        return JSONResponse({"release": settings.release, "query": dict(request.query_params)})

    @application.post("/api/echo")
    async def receive(request: Request) -> Response:
        length, digest = 0, hashlib.sha256()
        try:
            async for chunk in request.stream():
                length += len(chunk)
                digest.update(chunk)
        except ClientDisconnect:
            # Nobody is left to read it, but each broken upload would be logged as an error of ours.
            return Response(status_code=400)
        return JSONResponse(
            {"release": settings.release, "length": length, "sha256": digest.hexdigest()}
        )


def _add_services(
    application: FastAPI, settings: Settings, services: Services, platforms: Platforms | None
) -> None:
    @application.get("/api/services")
    async def catalogue() -> Response:
        _require_discovery(settings)
        checks = (await services.health()).checks
        reached = await platforms.reach() if platforms else []
        rows = [
            {
                "name": service.name,
                "purpose": service.purpose,
                "endpoint": f"/api/services/{service.name}",
                "healthy": checks[service.name].healthy,
            }
            for service in services
        ]
        others = [
            {
                "name": reach.name,
                "endpoint": reach.endpoint,
                "reachable": reach.release is not None,
                "release": reach.release,
            }
            for reach in reached
        ]
        return JSONResponse({"release": settings.release, "services": rows, "platforms": others})

    @application.post("/api/services/{name}")
    async def call(name: str, request: Request) -> Response:
        service = services.get(name)
        if service is None:
            raise HTTPException(404, f"There is no service {name!r}.")
        if service.module is None:
            raise HTTPException(503, f"Service {name} is not available.")
        try:
            result = service.module.handle(await _read_object(request))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        return JSONResponse({"release": settings.release, "result": result})


def _add_platforms(
    application: FastAPI, settings: Settings, platforms: Platforms | None
) -> None:
    @application.post("/api/platforms/{name}/services/{service}")
    async def pass_on(name: str, service: str, request: Request) -> Response:
        """
        Cross-dimension access: a service of another platform, by way of this one. Nothing of the
        client's request goes on but its body.
        """
        _require_discovery(settings)
        if platforms is None or name not in platforms:
            known = ", ".join(platforms or []) or "none"
            raise HTTPException(404, f"There is no platform {name!r} to call; known are: {known}.")
        # It becomes a part of a URL.
        if not re.fullmatch(r"\w+", service):
            raise HTTPException(404, f"Platform {name} has no service {service!r}.")
        try:
            answer = await platforms.call(name, service, await _read(request))
        except NoAnswer as error:
            raise HTTPException(error.status, str(error)) from error
        return JSONResponse(
            {
                **answer.content,
                "release": settings.release,
                "platform": name,
                "answered_by": answer.release,
            },
            answer.status,
        )


def _require_discovery(settings: Settings) -> None:
    if not settings.service_discovery:
        raise HTTPException(404, "Service discovery is switched off: set SERVICE_DISCOVERY=true.")


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_REQUEST_BYTES:
                raise HTTPException(
                    413, f"The request must not be longer than {LARGEST_REQUEST_BYTES} bytes."
                )
    except ClientDisconnect as error:
        raise HTTPException(400, "The request was not complete.") from error
    return bytes(body)


async def _read_object(request: Request) -> dict:
    body = await _read(request)
    try:
        content = json.loads(body)
    except RecursionError as error:
        raise ValueError("The request is nested too deeply.") from error
    if not isinstance(content, dict):
        raise ValueError("The request must be a JSON object.")
    return content
