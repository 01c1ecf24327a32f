import type * as sdk from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";
import { describeBrief, describeDeployment, describeRevision, missing } from "./describe.ts";
import type { EcsContext } from "./ports.ts";
import { releaseOf } from "./revision.ts";
import type { Services } from "./services.ts";

/** What the API tells of service deployments and their revisions, and what it lets somebody do to them. */
export class Deployments {
  readonly #context: EcsContext;
  readonly #services: Services;

  constructor(context: EcsContext, services: Services) {
    this.#context = context;
    this.#services = services;
  }

  /** Newest first. */
  list(input: sdk.ListServiceDeploymentsRequest): sdk.ListServiceDeploymentsResponse {
    const service = this.#services.get(input.cluster, input.service ?? "");
    const { status: wanted, createdAt, maxResults = 100 } = input;
    const runs = service.runs
      .filter(({ status }) => !wanted?.length || wanted.includes(status))
      .filter((run) => run.createdAt >= (createdAt?.after?.getTime() ?? 0))
      .filter((run) => run.createdAt <= (createdAt?.before?.getTime() ?? Number.MAX_VALUE))
      .toReversed();
    const start = Number(input.nextToken ?? 0);
    const end = start + maxResults;
    return {
      serviceDeployments: runs.slice(start, end).map(describeBrief),
      ...(end < runs.length ? { nextToken: String(end) } : {}),
    };
  }

  describe(arns: readonly string[]): sdk.DescribeServiceDeploymentsResponse {
    const runs = arns.flatMap((arn) => this.#services.run(arn) ?? []);
    return {
      serviceDeployments: runs.map(describeDeployment),
      failures: missing(arns, (arn) => this.#services.run(arn) !== undefined),
    };
  }

  describeRevisions(arns: readonly string[]): sdk.DescribeServiceRevisionsResponse {
    const all = this.#services.all.flatMap((service) =>
      service.revisions.map((revision) => ({ service, revision })),
    );
    const found = arns.flatMap((arn) => all.find(({ revision }) => revision.arn === arn) ?? []);
    return {
      serviceRevisions: found.map(({ service, revision }) => describeRevision(service, revision)),
      failures: missing(arns, (arn) => all.some(({ revision }) => revision.arn === arn)),
    };
  }

  continue(input: sdk.ContinueServiceDeploymentRequest): sdk.ContinueServiceDeploymentResponse {
    const run = this.#services.deployment(input.serviceDeploymentArn ?? "");
    run.answer(input.hookId ?? "", input.action ?? "CONTINUE");
    return { serviceDeploymentArn: run.arn };
  }

  stop({
    serviceDeploymentArn = "",
    stopType = "ROLLBACK",
  }: sdk.StopServiceDeploymentRequest): sdk.StopServiceDeploymentResponse {
    const run = this.#services.deployment(serviceDeploymentArn);
    if (run.over || run.stage === "CLEAN_UP") {
      throw new AwsError(
        "ConflictException",
        `The service deployment can't be stopped: it is ${run.status} at ${run.stage}.`,
      );
    }
    this.#context.journal.record({
      kind: "stopRequested",
      deployment: run.arn,
      service: run.service.name,
      release: releaseOf(run.target.definition),
    });
    const reason = "because of a StopServiceDeployment request.";
    run.interrupt(
      stopType === "ROLLBACK"
        ? { kind: "rollback", reason: `Service deployment rolled back ${reason}` }
        : { kind: "stop", reason: `Service deployment stopped ${reason}` },
    );
    return { serviceDeploymentArn: run.arn };
  }
}
