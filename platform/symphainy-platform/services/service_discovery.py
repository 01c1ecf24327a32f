"""Tells where each service of the platform is reached."""

from importlib.util import find_spec

from service_registry import Check, read_registry

_endpoints = {entry.name: f"/api/services/{entry.name}" for entry in read_registry()}


def handle(request: dict) -> dict:
    name = request.get("resolve")
    if not isinstance(name, str) or name not in _endpoints:
        raise ValueError(
            f"resolve={name!r} is not registered: it must be one of {', '.join(_endpoints)}."
        )
    return {"name": name, "endpoint": _endpoints[name]}


async def check() -> Check:
    missing = [name for name in _endpoints if find_spec(f"services.{name}") is None]
    if missing:
        return Check(False, f"registered without a module: {', '.join(missing)}")
    return Check(True, f"{len(_endpoints)} services registered")
