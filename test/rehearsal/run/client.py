"""Asks the API through Google's own Python client, and prints what it understood as JSON."""

import json
import sys

from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2
from google.cloud.run_v2.services.revisions.transports import RevisionsRestTransport
from google.cloud.run_v2.services.services.transports import ServicesRestTransport

host, parent, image = sys.argv[1:]
options = {"host": host, "url_scheme": "http", "credentials": AnonymousCredentials()}
services = run_v2.ServicesClient(transport=ServicesRestTransport(**options))
revisions = run_v2.RevisionsClient(transport=RevisionsRestTransport(**options))
latest = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
by_revision = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION


def error_of(call, **arguments):
    try:
        call(**arguments)
    except GoogleAPICallError as error:
        return [error.code, error.message]
    return "no error"


def change(**fields):
    mask = ",".join(fields)
    request = run_v2.UpdateServiceRequest(
        service=run_v2.Service(name=name, **fields), update_mask=mask
    )
    return services.update_service(request=request).result(timeout=30)


created = services.create_service(
    parent=parent,
    service_id="python",
    service=run_v2.Service(
        template=run_v2.RevisionTemplate(
            labels={"release": "p"},
            scaling=run_v2.RevisionScaling(min_instance_count=1),
            containers=[
                run_v2.Container(
                    image=image,
                    env=[run_v2.EnvVar(name="RELEASE_ID", value="p")],
                    startup_probe=run_v2.Probe(
                        period_seconds=5, http_get=run_v2.HTTPGetAction(path="/ready")
                    ),
                )
            ],
        ),
        traffic=[run_v2.TrafficTarget(type_=latest, percent=100, tag="candidate")],
    ),
).result(timeout=30)
name = created.name
revision = revisions.get_revision(name=created.latest_ready_revision)
short = revision.name.rsplit("/", 1)[1]
moved = change(
    traffic=[
        run_v2.TrafficTarget(type_=by_revision, revision=short, percent=100),
        run_v2.TrafficTarget(type_=latest, percent=0, tag="candidate"),
    ]
)
noted = change(annotations={"symphainy.dev/runner": "one"})
stale = run_v2.Service(name=name, etag=created.etag, annotations={"a": "b"})
answer = {
    "state": created.terminal_condition.state.name,
    "generation": created.generation,
    "tags": [status.tag for status in created.traffic_statuses],
    "labels": dict(revision.labels),
    "ready": [one.state.name for one in revision.conditions if one.type_ == "Ready"],
    "shares": [[target.type_.name, target.percent, target.tag] for target in moved.traffic],
    "annotations": dict(noted.annotations),
    "revisions": len(list(revisions.list_revisions(parent=name))),
    "services": [service.name for service in services.list_services(parent=parent)],
    "conflict": error_of(services.update_service, service=stale, update_mask="annotations"),
    "missing": error_of(services.get_service, name=f"{parent}/services/nobody"),
    "deleted": services.delete_service(name=name).result(timeout=30).name,
}
print(json.dumps(answer))
