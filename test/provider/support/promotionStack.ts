import * as pulumi from "@pulumi/pulumi";
import type automation from "@pulumi/pulumi/automation/index.js";
import {
  type PromotionInputs,
  type PromotionOutputs,
  promotionToken,
} from "../../../provider/messages.ts";
import { type EngineStack, engineStack } from "../../support/engineStack.ts";

/** A stack of one promotion on the real engine. */
export interface PromotionStack extends EngineStack {
  /** What the program declares at the next operation; undefined: nothing. */
  inputs: PromotionInputs | undefined;
  /** The first resource of a type in the state. */
  state(type: string): Promise<ResourceState | undefined>;
  /** What Ctrl-C does to the operation that runs. */
  interrupt(): void;
  up(options?: automation.UpOptions): Promise<automation.UpResult>;
}

export interface ResourceState {
  type: string;
  inputs: PromotionInputs;
  outputs: PromotionOutputs;
}

export async function promotionStack({
  port,
  plugin,
  env = {},
}: {
  /** Of a provider to attach to. */
  port?: number;
  /** Folder of a provider to start. */
  plugin?: string;
  env?: Record<string, string>;
}): Promise<PromotionStack> {
  const engine = await engineStack({
    project: "promotion",
    program,
    ...(port !== undefined && { attached: { rollout: port } }),
    ...(plugin !== undefined && { plugins: { rollout: plugin } }),
    env,
  });
  let interrupted = new AbortController();
  const result: PromotionStack = {
    ...engine,
    inputs: undefined,
    state: async (type) => {
      const { deployment } = await engine.stack.exportStack();
      return deployment.resources?.find((resource: ResourceState) => resource.type === type);
    },
    interrupt: () => interrupted.abort(),
    up: (options) => {
      interrupted = new AbortController();
      return engine.stack.up({ ...options, signal: interrupted.signal });
    },
  };
  return result;

  async function program(): Promise<pulumi.Inputs> {
    if (!result.inputs) return {};
    const { gate, ...inputs } = result.inputs;
    const header = gate.header && { ...gate.header, value: pulumi.secret(gate.header.value) };
    const promotion = new Promotion("platform", { ...inputs, gate: { ...gate, header } });
    return { live: promotion.live };
  }
}

class Promotion extends pulumi.CustomResource {
  declare readonly live: pulumi.Output<{ release: string }>;

  constructor(name: string, inputs: pulumi.Inputs) {
    super(promotionToken, name, { live: undefined, ...inputs });
  }
}
