import { readdirSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import automation from "@pulumi/pulumi/automation/index.js";
import { systemClock } from "../../../provider/clock.ts";
import { type PromotionInputs, promotionToken } from "../../../provider/messages.ts";
import { serveRollout } from "../../../provider/serveRollout.ts";
import type { OperatedStack } from "./operatedStack.ts";

/** A `pulumi up` in the middle of a promotion. */
export interface RunningUp {
  /** The files by which the stack is locked. */
  locks(): string[];
  /** Lets it fail, and waits for its end. */
  end(): Promise<void>;
}

/** Runs `pulumi up` until its first promotion has begun. */
export async function runningUp(stack: OperatedStack, inputs: PromotionInputs): Promise<RunningUp> {
  const begun = Promise.withResolvers<void>();
  const cloud = Promise.withResolvers<never>();
  // An `up` that ends before anybody waits for it is no fault of its own.
  cloud.promise.catch(() => undefined);
  const never = () => {
    begun.resolve();
    return cloud.promise;
  };
  const server = await serveRollout({
    clock: systemClock,
    clouds: { ecs: never, cloudRun: never },
  });
  const made = await automation.LocalWorkspace.createOrSelectStack(
    {
      stackName: "ec2",
      projectName: "symphainy",
      program: async () => void new Promotion(inputs),
    },
    {
      workDir: stack.folder,
      envVars: { ...stack.env, PULUMI_DEBUG_PROVIDERS: `rollout:${server.port}` },
      pulumiCommand: await automation.PulumiCommand.get({ root: path.dirname(stack.bin) }),
    },
  );
  const up = made.up({ color: "never" }).then(
    () => new Error("pulumi up ended well, and should not have"),
    (error: unknown) => error,
  );
  const failed = await Promise.race([begun.promise, up]);
  if (failed instanceof Error) {
    await server.close();
    throw failed;
  }
  return {
    locks: () =>
      readdirSync(path.join(path.dirname(stack.bin), "state", ".pulumi", "locks"), {
        recursive: true,
        encoding: "utf8",
      }).filter((name) => name.endsWith(".json")),
    end: async () => {
      cloud.reject(new Error("the test is over"));
      await up;
      await server.close();
    },
  };
}

class Promotion extends pulumi.CustomResource {
  constructor(inputs: PromotionInputs) {
    super(promotionToken, "platform", { ...inputs, live: undefined });
  }
}
