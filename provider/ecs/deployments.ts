import type {
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
} from "@aws-sdk/client-ecs";
import { abortable } from "../cloudCall.ts";
import { type EcsApi, isGone, type ServiceAddress } from "./ecsApi.ts";

/** Reads the service deployments of one service; knows nothing of promotions. */
export class Deployments {
  readonly #api: EcsApi;
  readonly #address: ServiceAddress;

  constructor(api: EcsApi, address: ServiceAddress) {
    this.#api = api;
    this.#address = address;
  }

  /** @returns undefined when the service does not exist, or not any more. */
  async service(signal?: AbortSignal): Promise<Service | undefined> {
    const { cluster, service } = this.#address;
    try {
      const input = { cluster, services: [service] };
      const { services } = await this.#api.describeServices(input, abortable(signal));
      return services?.find(({ status }) => status !== "INACTIVE");
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Those that have not ended, newest first. */
  async inFlight(signal?: AbortSignal): Promise<ServiceDeployment[]> {
    const briefs = await this.#list(unended, signal);
    const found = await this.describe(briefs.map(arnOf), signal);
    return found.filter((deployment) => !hasEnded(deployment)).toSorted(newestFirst);
  }

  /**
   * The last one that brought its revision live. ECS keeps 90 days of history.
   *
   * @param except - ARN of one that does not count.
   */
  async lastSuccessful(
    signal?: AbortSignal,
    except?: string,
  ): Promise<ServiceDeploymentBrief | undefined> {
    const found = (await this.#list(["SUCCESSFUL"], signal)).toSorted(newestFirst);
    return found.find(({ serviceDeploymentArn }) => serviceDeploymentArn !== except);
  }

  /**
   * The revision that ECS goes back to: the target of the last deployment that succeeded. Where ECS has forgotten
   * that one, what a service at rest runs.
   *
   * @param except - ARN of a deployment that does not count.
   */
  async settledRevision(
    signal?: AbortSignal,
    except?: string,
  ): Promise<ServiceRevision | undefined> {
    return this.settledBy(await this.lastSuccessful(signal, except), signal);
  }

  /** The same, where the last deployment that succeeded has been looked up already. */
  async settledBy(
    last: ServiceDeploymentBrief | undefined,
    signal?: AbortSignal,
  ): Promise<ServiceRevision | undefined> {
    if (last) return this.revision(last.targetServiceRevisionArn, signal);
    const service = await this.service(signal);
    const [arn, ...others] = (service?.currentServiceRevisions ?? []).map(({ arn: it }) => it);
    const isSettled = service?.deployments?.some((it) => it.rolloutState === "COMPLETED");
    return isSettled && others.length === 0 ? this.revision(arn, signal) : undefined;
  }

  /** ARNs of all that ECS remembers. */
  async known(signal?: AbortSignal): Promise<Set<string>> {
    return new Set((await this.#list([], signal)).map(arnOf));
  }

  async describe(arns: readonly string[], signal?: AbortSignal): Promise<ServiceDeployment[]> {
    const found: ServiceDeployment[] = [];
    // ECS takes 20 at a time.
    for (let start = 0; start < arns.length; start += 20) {
      const input = { serviceDeploymentArns: arns.slice(start, start + 20) };
      const answer = await this.#api.describeServiceDeployments(input, abortable(signal));
      found.push(...(answer.serviceDeployments ?? []));
    }
    return found;
  }

  /** The revision by which ECS last tried, or managed, to bring a task definition live. */
  async lastRevisionOf(
    taskDefinition: string,
    signal?: AbortSignal,
  ): Promise<ServiceRevision | undefined> {
    const newest = (await this.#list([], signal)).toSorted(newestFirst);
    const arns = newest.flatMap(({ targetServiceRevisionArn: arn }) => arn ?? []);
    for (const arn of new Set(arns.slice(0, historyDepth))) {
      const revision = await this.revision(arn, signal);
      if (revision?.taskDefinition === taskDefinition) return revision;
    }
    return undefined;
  }

  /**
   * The first of the newest deployments in a row whose revisions all are as asked for; undefined when the newest is not,
   * and when more of them are than are looked at.
   */
  async firstInARow(
    is: (revision: ServiceRevision) => boolean,
    signal?: AbortSignal,
  ): Promise<ServiceDeploymentBrief | undefined> {
    const newest = (await this.#list([], signal)).toSorted(newestFirst);
    let first: ServiceDeploymentBrief | undefined;
    for (const deployment of newest.slice(0, historyDepth)) {
      const revision = await this.revision(deployment.targetServiceRevisionArn, signal);
      if (!revision) return undefined;
      if (!is(revision)) return first;
      first = deployment;
    }
    return newest.length > historyDepth ? undefined : first;
  }

  /** ARN of the task definition of a revision; undefined when ECS has forgotten the revision. */
  async taskDefinitionOf(
    revision: string | undefined,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    return (await this.revision(revision, signal))?.taskDefinition;
  }

  /** @returns undefined when ECS has forgotten the revision. */
  async revision(
    arn: string | undefined,
    signal?: AbortSignal,
  ): Promise<ServiceRevision | undefined> {
    if (arn === undefined) return undefined;
    const input = { serviceRevisionArns: [arn] };
    const answer = await this.#api.describeServiceRevisions(input, abortable(signal));
    return answer.serviceRevisions?.[0];
  }

  async #list(
    status: ServiceDeploymentBrief["status"][],
    signal?: AbortSignal,
  ): Promise<ServiceDeploymentBrief[]> {
    const found: ServiceDeploymentBrief[] = [];
    let nextToken: string | undefined;
    do {
      const input = {
        ...this.#address,
        ...(status.length > 0 && { status: status.filter((name) => name !== undefined) }),
        ...(nextToken !== undefined && { nextToken }),
      };
      try {
        const answer = await this.#api.listServiceDeployments(input, abortable(signal));
        found.push(...(answer.serviceDeployments ?? []));
        nextToken = answer.nextToken;
      } catch (error) {
        if (isGone(error)) return [];
        throw error;
      }
    } while (nextToken !== undefined);
    return found;
  }
}

/** How many deployments back one looks for what was deployed before. */
const historyDepth = 20;

const unended = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
] as const satisfies ServiceDeploymentBrief["status"][];

const ended = new Set<string | undefined>([
  "SUCCESSFUL",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

/** A status that nobody knows yet counts as not ended. */
function hasEnded({ status }: ServiceDeployment | ServiceDeploymentBrief): boolean {
  return ended.has(status);
}

/** Whether ECS still tries to bring the revision live, rather than to undo it. */
export function goesForward({ status }: ServiceDeployment): boolean {
  return status === "PENDING" || status === "IN_PROGRESS";
}

export function arnOf({ serviceDeploymentArn }: ServiceDeploymentBrief): string {
  if (serviceDeploymentArn === undefined) throw new Error("ECS listed a deployment without an ARN");
  return serviceDeploymentArn;
}

function newestFirst(a: ServiceDeploymentBrief, b: ServiceDeploymentBrief): number {
  return (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);
}
