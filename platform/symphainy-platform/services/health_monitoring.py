"""Watches the platform's own process: descriptors, memory, event loop."""

import asyncio
import os
import resource
import time

from service_registry import Check

# Beyond this share of the limit on open files, new connections are about to be refused.
DESCRIPTOR_SHARE = 0.9
# An event loop that is this late, in seconds, lets probes of every load balancer time out soon.
LATEST_TURN = 1.0

_started = time.monotonic()


def handle(request: dict) -> dict:
    used, limit = _descriptors()
    return {
        "uptime_seconds": round(time.monotonic() - _started, 3),
        "descriptors": {"used": used, "limit": limit},
        "peak_memory_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


async def check() -> Check:
    used, limit = _descriptors()
    if used > limit * DESCRIPTOR_SHARE:
        return Check(False, f"{used} of {limit} file descriptors are in use")
    before = time.monotonic()
    await asyncio.sleep(0)
    turn = time.monotonic() - before
    if turn > LATEST_TURN:
        return Check(False, f"one turn of the event loop took {turn:.1f} s")
    return Check(True, f"{used} of {limit} file descriptors in use")


def _descriptors() -> tuple[int, int]:
    return len(os.listdir("/dev/fd")), resource.getrlimit(resource.RLIMIT_NOFILE)[0]
