import { AsyncLocalStorage } from "node:async_hooks";
import type { ResourceHookArgs } from "@pulumi/pulumi";
import { expect } from "chai";
import {
  type Prepare,
  type PrepareBeforeUpdateDeps,
  prepareBeforeUpdate,
} from "../../../components/aws/prepareBeforeUpdate.ts";
import { record } from "../../support/mocks.ts";

const connection = { region: "eu-central-1" };
const tasks = { min: 2, max: 4 };
const args: ResourceHookArgs = {
  urn: "urn:pulumi:test::symphainy::aws:ecs/service:Service::platform",
  id: "arn:aws:ecs:eu-central-1:123456789012:service/symphainy/platform",
  name: "platform",
  type: "aws:ecs/service:Service",
  oldOutputs: { cluster: "symphainy" },
};
const live = { release: "r1", revision: "platform:7", configuration: "c1", since: "2026-01-01" };

const recorded = { live, history: [], drift: [], tried: undefined };

describe("prepareBeforeUpdate", () => {
  async function hook(deps: PrepareBeforeUpdateDeps) {
    const { result } = await record(() =>
      prepareBeforeUpdate(
        "platform",
        { connection, tasks },
        { recorded: async () => new Map(), ...deps },
      ),
    );
    return async (hookArgs: ResourceHookArgs) => result.callback(hookArgs);
  }
  const failure = (run: Promise<void>) =>
    run.then(
      () => "it went through",
      (error: Error) => error.message,
    );

  it("prepares the service that the state names, and says what should be live", async () => {
    const prepared: Parameters<Prepare>[0][] = [];
    const run = await hook({
      prepare: async (service) => void prepared.push(service),
      recorded: async () =>
        new Map([
          ["platform", { live, history: [], drift: ["by hand"], tried: "platform:7" }],
          ["reports", { ...recorded, live: { ...live, revision: "reports:1" } }],
        ]),
    });
    await run({ ...args, oldOutputs: { ...args.oldOutputs, taskDefinition: "platform:8" } });
    expect(prepared.map(dataOf)).to.deep.equal([
      {
        connection,
        cluster: "symphainy",
        service: args.id,
        tasks,
        expected: { revision: "platform:7", tried: "platform:8", drift: ["by hand"] },
      },
    ]);
  });

  it("takes no number for changed by hand that was right before the limits changed, or is right now", async () => {
    const limits = async (before: { min: number; max: number }) => {
      const prepared: Parameters<Prepare>[0][] = [];
      const run = await hook({
        prepare: async (service) => void prepared.push(service),
        recorded: async () => new Map([["platform", { ...recorded, tasks: before }]]),
      });
      await run(args);
      return prepared.map(({ tasks }) => tasks);
    };
    expect(await limits({ min: 1, max: 3 })).to.deep.equal([{ min: 1, max: 4 }]);
    expect(await limits({ min: 3, max: 8 })).to.deep.equal([{ min: 2, max: 8 }]);
  });

  it("expects nothing where nothing was ever live", async () => {
    const prepared: Parameters<Prepare>[0][] = [];
    const run = await hook({ prepare: async (service) => void prepared.push(service) });
    await run(args);
    expect(prepared.map(dataOf)).to.deep.equal([
      { connection, cluster: "symphainy", service: args.id, tasks },
    ]);
  });

  describe("that goes back to what the promotion has had all along", () => {
    const back = {
      ...args,
      oldInputs: { taskDefinition: "platform:8", desiredCount: 2 },
      newInputs: { taskDefinition: "platform:7", desiredCount: 2 },
    };
    const hookWith = (tried: string) =>
      hook({
        prepare: async () => undefined,
        recorded: async () => new Map([["platform", { ...recorded, tried }]]),
      });

    it("fails, as the promotion would not follow that deployment", async () => {
      expect(await failure((await hookWith("platform:7"))(back))).to.match(
        /^service platform is not updated: it would only go back .*`pulumi up --refresh`/,
      );
    });

    it("goes on when the promotion has been told of something else since", async () => {
      await (await hookWith("platform:8"))(back);
    });

    it("goes on when a refresh has found something else live", async () => {
      const strange = {
        ...recorded,
        live: { ...live, revision: "platform:9" },
        tried: "platform:7",
      };
      const run = await hook({
        prepare: async () => undefined,
        recorded: async () => new Map([["platform", strange]]),
      });
      await run(back);
    });

    it("goes on when something else changes too, which the promotion follows", async () => {
      const newInputs = { ...back.newInputs, desiredCount: 3 };
      await (await hookWith("platform:7"))({ ...back, newInputs });
    });
  });

  it("asks for the state as the program does, wherever it is called from", async () => {
    const program = new AsyncLocalStorage<string>();
    const asked: (string | undefined)[] = [];
    const run = await program.run("program", () =>
      hook({
        prepare: async () => undefined,
        recorded: async () => {
          asked.push(program.getStore());
          return new Map();
        },
      }),
    );
    await run(args);
    expect(asked).to.deep.equal(["program"]);
  });

  it("fails the update when the way can't be cleared", async () => {
    const run = await hook({
      prepare: () => Promise.reject(new Error("somebody else is at it since 10:00")),
    });
    expect(await failure(run(args))).to.equal(
      "service platform is not updated: somebody else is at it since 10:00",
    );
  });

  it("says what to do about a state without a cluster", async () => {
    const run = await hook({ prepare: async () => undefined });
    expect(await failure(run({ ...args, oldOutputs: {} }))).to.include("pulumi refresh");
  });
});

/** What is prepared, without what is told meanwhile. */
function dataOf({ announce, ...service }: Parameters<Prepare>[0]): object {
  expect(announce).to.be.a("function");
  return service;
}
