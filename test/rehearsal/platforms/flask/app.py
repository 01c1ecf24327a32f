import os

from flask import Flask

THRESHOLD_PERCENT = float(os.environ.get("HEALTH_THRESHOLD_PERCENT") or 80)
RELEASE = os.environ.get("RELEASE_ID") or "unreleased"

# What has to work for the service to be healthy; each answers True or False.
CHECKS = {"greeting": lambda: True}

app = Flask(__name__)


@app.after_request
def name_the_release(response):
    response.headers["x-release-id"] = RELEASE
    return response


@app.get("/")
def greet():
    return {"greeting": "hello"}


@app.get("/health")
def health():
    healthy = {name: check() for name, check in CHECKS.items()}
    percentage = 100 * sum(healthy.values()) / len(healthy)
    status = 200 if percentage >= THRESHOLD_PERCENT else 503
    return {"health_percentage": percentage, "services": healthy}, status
