"""
The health check of a running platform, from a process of its own beside it.

Standard library only, and little of that: the container runtime starts it anew for every check.
"""

import http.client
import json
import os

# Below the 10 s after which the container runtime gives up: the reason should be ours.
TIMEOUT_SECONDS = 8


class ServiceHealthChecker:
    """Asks the platform on this host how healthy its services are. No answer is 0 %."""

    def __init__(self, port=None, timeout_seconds=TIMEOUT_SECONDS):
        self._port = int(port or os.environ.get("PORT") or 8000)
        self._timeout_seconds = timeout_seconds

    def get_overall_health(self):
        """`{"health_percentage", "status", "release", "services", …}`; never raises."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=self._timeout_seconds
        )
        try:
            connection.request("GET", "/health")
            # Whatever the status is: below the threshold it is 503, and still says how healthy.
            report = json.loads(connection.getresponse().read())
            report["health_percentage"] = float(report["health_percentage"])
            return report
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            return {
                "health_percentage": 0.0,
                "status": f"no usable answer on port {self._port}: {error!r}",
                "release": None,
                "services": {},
            }
        finally:
            connection.close()
