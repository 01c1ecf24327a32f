"""
The health check of a running platform, from a process of its own beside it.

Standard library only, and little of that: the container runtime starts it anew for every check,
and `http.client` alone takes longer to import than everything here takes together.
"""

import json
import os
import socket
import time

# Below the 10 s after which the container runtime gives up: the reason should be ours.
TIMEOUT_SECONDS = 8


class ServiceHealthChecker:
    """Asks the platform on this host how healthy its services are. No answer is 0 %."""

    def __init__(self, port=None, timeout_seconds=TIMEOUT_SECONDS):
        self._port = int(port or os.environ.get("PORT") or 8000)
        self._timeout_seconds = timeout_seconds

    def get_overall_health(self):
        """`{"health_percentage", "status", "release", "services", …}`; never raises."""
        try:
            # Whatever the status is: below the threshold it is 503, and still says how healthy.
            report = json.loads(self._get("/health"))
            report["health_percentage"] = float(report["health_percentage"])
            return report
        except (OSError, ValueError, KeyError, TypeError) as error:
            return {
                "health_percentage": 0.0,
                "status": f"no usable answer on port {self._port}: {error!r}",
                "release": None,
                "services": {},
            }

    def _get(self, path):
        """What the answer holds, once it is whole: the platform always says how long it is."""
        deadline = time.monotonic() + self._timeout_seconds
        address = ("127.0.0.1", self._port)
        with socket.create_connection(address, self._timeout_seconds) as connection:
            request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{self._port}\r\n\r\n"
            connection.sendall(request.encode())
            answer = b""
            while True:
                content = _whole_content(answer)
                if content is not None:
                    return content
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no whole answer within {self._timeout_seconds} s")
                connection.settimeout(left)
                piece = connection.recv(65536)
                if not piece:
                    raise ValueError(f"the answer broke off after {len(answer)} bytes")
                answer += piece


def _whole_content(answer):
    """None as long as something is missing."""
    head, end, content = answer.partition(b"\r\n\r\n")
    if not end:
        return None
    status, *lines = head.split(b"\r\n")
    if not status.startswith((b"HTTP/1.0 ", b"HTTP/1.1 ")):
        raise ValueError(f"not HTTP: {status[:40]!r}")
    fields = (line.partition(b":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in fields}
    length = int(headers[b"content-length"])
    return content[:length] if len(content) >= length else None
