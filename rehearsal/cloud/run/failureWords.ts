import type { StartFailure } from "./instance.ts";

export interface FailedRevision {
  project: string;
  service: string;
  revision: string;
  port: number;
}

/** Why a revision can't serve, as Cloud Run says it. */
export function failureWords(failure: StartFailure, failed: FailedRevision): string {
  const subject = `Revision '${failed.revision}' is not ready and cannot serve traffic.`;
  if (failure.kind === "missing") return `${subject} ${failure.message}`;
  const logs = `Logs for this revision might contain more information.\n\nLogs URL: ${logsUrl(failed)}`;
  if (failure.kind === "probe") {
    return `${subject} The user-provided container failed the configured startup probe checks. ${logs}`;
  }
  return (
    `${subject} The user-provided container failed to start and listen on the port defined provided by the ` +
    `PORT=${failed.port} environment variable within the allocated timeout. This can happen when the container port is ` +
    `misconfigured or if the timeout is too short. The health check timeout can be extended. ${logs} \n` +
    "For more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start"
  );
}

/** Where a revision's logs would be. */
export function logsUrl({ project, service, revision }: Omit<FailedRevision, "port">): string {
  const resource = `cloud_run_revision/service_name/${service}/revision_name/${revision}`;
  return `https://console.cloud.google.com/logs/viewer?project=${project}&resource=${resource}`;
}
