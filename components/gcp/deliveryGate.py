"""Asks a new revision by its tag until it has answered as often in a row as it has to; what a gate is elsewhere."""
import json
import os
import sys
import time
import urllib.error
import urllib.request

url = os.environ["CANDIDATE_URL"] + os.environ["HEALTH_PATH"]
release = os.environ["CLOUD_DEPLOY_RELEASE"]
threshold = float(os.environ["THRESHOLD_PERCENT"])
passes = int(os.environ["CONSECUTIVE_PASSES"])
metadata = os.environ.get("METADATA_URL", "http://metadata.google.internal")


def headers():
    audience = os.environ.get("AUDIENCE")
    if not audience:
        return {}
    token = f"{metadata}/computeMetadata/v1/instance/service-accounts/default/identity?audience={audience}"
    request = urllib.request.Request(token, headers={"Metadata-Flavor": "Google"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return {"Authorization": "Bearer " + answer.read().decode()}


def ask():
    """Returns what is wrong, or nothing."""
    try:
        request = urllib.request.Request(url, headers=headers())
        with urllib.request.urlopen(request, timeout=float(os.environ["TIMEOUT_SECONDS"])) as answer:
            by, health = answer.headers.get("x-release-id"), float(json.load(answer)["health_percentage"])
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    if by != release:
        return f"the answer came from release {by}, not from {release}"
    return f"health_percentage was {health:g}, needs {threshold:g}" if health < threshold else None


deadline = time.monotonic() + 60 * float(os.environ["DEADLINE_MINUTES"])
healthy = 0
while True:
    wrong = ask()
    healthy = 0 if wrong else healthy + 1
    print(f"gate: {healthy} of {passes}" + (f": {wrong}" if wrong else ""), flush=True)
    if healthy >= passes:
        sys.exit(0)
    if time.monotonic() > deadline:
        sys.exit(f"gate: {url} has not passed in {os.environ['DEADLINE_MINUTES']} minutes; last: {wrong}")
    time.sleep(float(os.environ["INTERVAL_SECONDS"]))
