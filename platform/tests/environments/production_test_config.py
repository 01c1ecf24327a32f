"""
The health check of a running platform, from a process of its own beside it.

Standard library only, and little of that: the container runtime starts it anew for every check, and `http.client`
alone takes longer to import than everything here takes together.
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
        """What the answer holds. In HTTP/1.0 it comes in one piece, and ends with the connection."""
        deadline = time.monotonic() + self._timeout_seconds
        with socket.create_connection(("127.0.0.1", self._port), self._timeout_seconds) as connection:
            request = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{self._port}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
                connection.settimeout(max(0.001, deadline - time.monotonic()))
        head, _, content = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1."):
            raise ValueError(f"not HTTP: {head[:40]!r}")
        return content
