import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { Capacity, PlacementRequest } from "./capacity.ts";
import type { Provider } from "./capacityProviders.ts";
import type { AddressBook } from "./network.ts";
import type { EcsContext, Subnet } from "./ports.ts";

/** What a task is started with. */
export interface TaskArgs {
  context: EcsContext;
  capacity: Capacity;
  addresses: AddressBook;
  cluster: { name: string; arn: string };
  service: string;
  /** Release id, for the journal. */
  release: string;
  definition: TaskDefinition;
  /** `ecs-svc/…`: the deployment that started it. */
  startedBy: string;
  providers: readonly Provider[];
  subnets: readonly Subnet[];
  strategy: PlacementRequest["strategy"];
  /** Where its address is registered; absent without a load balancer. */
  target?: { groupArn: string; containerPort: number };
  /** What it calls, as it stands in URLs → loopback port at which it finds that; absent where it calls nobody. */
  aliases?: () => Promise<ReadonlyMap<string, number>>;
  /** It is not to be called any more; resolves when nobody does. Absent where nobody ever did. */
  onWithdrawn?: () => Promise<void>;
  onEvent: (message: string) => void;
  onChange: () => void;
}

export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "STOPPED";
