import type { Properties } from "./properties.ts";
import type { ResourceType } from "./resourceType.ts";
import type { World } from "./world.ts";

/** What makes one provider different from another. */
export interface ProviderKind {
  /** Package name: aws, docker, random. */
  name: string;
  version: string;
  /** Every resource type that the program may use. */
  types: ResourceType[];
  /** File in which a missing type has to be added; named in the error. */
  table: string;
  /** Functions of the provider, by token. */
  invokes?: Record<string, Invoke>;
}

export interface ProviderArgs extends ProviderKind {
  world: World;
  /**
   * Called before every create, update and delete that is no preview; what it throws is the operation's failure.
   * Faults are put in here.
   */
  onOperation?(operation: Operation): void | Promise<void>;
}

export type Invoke = (args: Properties, world: World) => Properties | Promise<Properties>;

export interface Operation {
  kind: "create" | "update" | "delete";
  token: string;
  /** Logical name in the program. */
  name: string;
  inputs: Properties;
}
