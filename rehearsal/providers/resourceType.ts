import type { Properties, Property } from "./properties.ts";
import type { ResourceRules } from "./resourceRules.ts";
import type { Existing, World } from "./world.ts";

/** One resource type that the program uses, and how far the rehearsal stands in for the cloud's own. */
export interface ResourceType extends ResourceRules {
  /** `behaves`: something in the rehearsal acts on it. `inert`: it is kept and checked, and nothing more. */
  kind: "behaves" | "inert";
  /** Inputs without which the real provider refuses the resource; paths such as `build.context`. */
  required?: string[];
  /** What an input must look like, by path. */
  rules?: Record<string, Rule>;
  /** What no rule on one input can say. @returns problems by property. */
  validate?(inputs: Properties): Failure[];
  /** Given when the provider makes up a name that the program leaves out. */
  naming?: Naming;
  /** Put in where the program says nothing. */
  defaults?: Properties;
  /** Inputs that Check itself works out, such as a digest of files. `inputs` are without secrets. */
  derive?(inputs: Properties): Properties | Promise<Properties>;
  /** Inputs that can't be changed in place, by path; `*` stands for all. */
  replaceOn?: string[];
  /** Inputs whose change is no reason for an update, by path. */
  ignoreOn?: string[];
  /** Lists whose order means nothing, by path. */
  sets?: string[];
  /** Outputs that are not known before the resource exists. */
  computed?: string[];
  /** Computed outputs that an update gives new values. */
  recomputed?: string[];
  /** Outputs that are secret whatever they come from. */
  secrets?: string[];

  create(inputs: Properties, context: Context): Created | Promise<Created>;
  /** Default: keeps the outputs. @returns outputs that changed. */
  update?(change: Change, context: Context): Properties | Promise<Properties>;
  /** Default: nothing to do besides forgetting it. */
  delete?(resource: Existing, context: Context): void | Promise<void>;
  /**
   * What the cloud says now, in the shape of inputs and outputs; only properties that can drift.
   *
   * @returns undefined when it is gone. Default: what was last written.
   */
  read?(
    resource: Existing,
    context: Context,
  ): Properties | undefined | Promise<Properties | undefined>;
}

export interface Rule {
  oneOf?: readonly Property[];
  /** Length of a text. */
  maxLength?: number;
  /** Size of a number. */
  min?: number;
  max?: number;
  /** What a text must match, and that in words. */
  pattern?: [RegExp, string];
}

export interface Naming {
  /** Default: name. */
  property?: string;
  maxLength: number;
  /** Default: nothing is changed. */
  transform?: (name: string) => string;
}

export interface Failure {
  property: string;
  reason: string;
}

export interface Created {
  id: string;
  /** Computed outputs; the inputs are added. */
  outputs: Properties;
}

export interface Change extends Existing {
  /** Inputs before the change. */
  before: Properties;
  /** Names of the inputs that change: a provider sends only these. */
  changed: Set<string>;
}

export interface Context {
  world: World;
  /** Logical name in the program. */
  name: string;
  urn: string;
  /** Made from the seed and the logical name: the same in every run. Length in hex digits. */
  hex: (length: number) => string;
}

/** A resource that exists but did not come up: it is kept in the state, and the update fails. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly created: Created;

  constructor(message: string, created: Created) {
    super(message);
    this.created = created;
  }
}
