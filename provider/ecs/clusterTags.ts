import { createHash } from "node:crypto";
import { CheckFailed } from "../checkFailed.ts";
import { abortable } from "../cloudCall.ts";
import type { NoteKind, Notes } from "../notes.ts";
import { type EcsApi, isGone, nameOf, type ServiceAddress } from "./ecsApi.ts";

/** AWS's limit of a tag's key, in characters. */
const longestKey = 128;

/**
 * Notes about one service that every runner sees: tags of its cluster.
 *
 * Tags of the service itself would be a difference to Pulumi, and every update of a service is a deployment.
 */
export class ClusterTags implements Notes {
  readonly place = "its cluster's tags";
  readonly permissions =
    "ecs:DescribeClusters, ecs:ListTagsForResource, ecs:TagResource and ecs:UntagResource on the cluster";
  readonly #api: EcsApi;
  readonly #cluster: string;
  readonly #service: string;
  #arn: string | undefined;

  constructor(api: EcsApi, { cluster, service }: ServiceAddress) {
    this.#api = api;
    this.#cluster = cluster;
    this.#service = nameOf(service);
  }

  /** @returns undefined where there is no such note, or no cluster. */
  async read(kind: NoteKind, signal?: AbortSignal): Promise<string | undefined> {
    const input = { clusters: [this.#cluster], include: ["TAGS" as const] };
    try {
      const { clusters } = await this.#api.describeClusters(input, abortable(signal));
      const [cluster] = clusters ?? [];
      this.#arn = cluster?.clusterArn ?? this.#arn;
      return cluster?.tags?.find(({ key }) => key === tagKey(this.#service, kind))?.value;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async write(kind: NoteKind, value: string, signal?: AbortSignal): Promise<void> {
    const tags = [{ key: tagKey(this.#service, kind), value }];
    await this.#api.tagResource({ resourceArn: await this.#find(signal), tags }, abortable(signal));
  }

  async remove(kind: NoteKind, signal?: AbortSignal): Promise<void> {
    const tagKeys = [tagKey(this.#service, kind)];
    const resourceArn = await this.#find(signal);
    await this.#api.untagResource({ resourceArn, tagKeys }, abortable(signal));
  }

  /** Tags want the ARN of the cluster where everything else takes its name too. */
  async #find(signal: AbortSignal | undefined): Promise<string> {
    if (this.#cluster.startsWith("arn:")) return this.#cluster;
    if (this.#arn === undefined) await this.read("runner", signal);
    if (this.#arn === undefined) {
      throw new CheckFailed("deployment", `there is no ECS cluster ${this.#cluster}`);
    }
    return this.#arn;
  }
}

/** `rollout:SERVICE:KIND`; the name of a service may be longer than a key. */
export function tagKey(service: string, kind: NoteKind): string {
  const key = `rollout:${service}:${kind}`;
  if (key.length <= longestKey) return key;
  const digest = createHash("sha256").update(service).digest("hex").slice(0, 12);
  const room = longestKey - `rollout:-${digest}:${kind}`.length;
  return `rollout:${service.slice(0, room)}-${digest}:${kind}`;
}
