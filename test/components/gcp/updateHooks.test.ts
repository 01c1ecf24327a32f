import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type UpdateSteps, updateHooks } from "../../../components/gcp/updateHooks.ts";
import type { KeepNotesArgs } from "../../../provider/cloudRun/keepNotes.ts";
import { record } from "../../support/mocks.ts";

const connection = { project: "my-project", region: "europe-west1" };
const service = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
const keepsLive = [
  { type: byName, revision: "platform-00001-abc", percent: 100 },
  { type: latest, percent: 0, tag: "candidate" },
];

const live = { release: "r1", configuration: "r1", since: "2026-01-01" };

type Prepare = (...args: Parameters<UpdateSteps["prepare"]>) => Promise<unknown>;

describe("updateHooks of a service on Cloud Run", () => {
  async function run(
    revision: string | undefined,
    traffics: object[],
    prepare: Prepare = async () => undefined,
    credentials?: pulumi.Output<string>,
  ): Promise<string> {
    const recorded =
      revision === undefined ? undefined : { live: { ...live, revision }, drift: ["by hand"] };
    const { result: hooks } = await record(() =>
      updateHooks(
        "platform",
        { connection: { ...connection, ...(credentials && { credentials }) }, service, recorded },
        {
          async prepare(args) {
            await prepare(args);
            return {};
          },
          keepNotes: async () => undefined,
        },
      ),
    );
    const [hook] = hooks.beforeUpdate ?? [];
    if (!(hook instanceof pulumi.ResourceHook)) throw new Error("nothing runs before an update");
    const args = {
      urn: "urn:pulumi:test::symphainy::gcp:cloudrunv2/service:Service::platform",
      id: "platform",
      name: "platform",
      type: "gcp:cloudrunv2/service:Service",
      newInputs: { traffics },
    };
    return Promise.resolve(hook.callback(args)).then(
      () => "it went through",
      (error: Error) => error.message,
    );
  }

  it("prepares the service, and says what the update leaves the traffic on", async () => {
    const prepared: Parameters<Prepare>[0][] = [];
    await run("platform-00001-abc", keepsLive, async (args) => void prepared.push(args));
    expect(prepared.map(dataOf)).to.deep.equal([
      {
        connection,
        service,
        expected: { revision: "platform-00001-abc", drift: ["by hand"] },
      },
    ]);
  });

  it("expects nothing where nothing was ever live", async () => {
    const prepared: Parameters<Prepare>[0][] = [];
    await run(undefined, [], async (args) => void prepared.push(args));
    expect(prepared.map(dataOf)).to.deep.equal([{ connection, service }]);
  });

  it("hands the credentials of the stack on", async () => {
    const prepared: Parameters<Prepare>[0][] = [];
    const credentials = pulumi.secret("key");
    await run(
      "platform-00001-abc",
      keepsLive,
      async (args) => void prepared.push(args),
      credentials,
    );
    expect(prepared.map(({ connection }) => connection.credentials)).to.deep.equal(["key"]);
  });

  it("fails the update when the way can't be cleared", async () => {
    const refusal = await run("platform-00001-abc", keepsLive, () =>
      Promise.reject(new Error("platform-00007-xyz is live")),
    );
    expect(refusal).to.equal("service platform is not updated: platform-00007-xyz is live");
  });

  it("lets a first release have all traffic", async () => {
    expect(await run(undefined, [{ type: latest, percent: 100, tag: "candidate" }])).to.equal(
      "it went through",
    );
  });

  it("refuses traffic of the first deployment for a revision that nobody has gated", async () => {
    const refusal = await run("platform-00001-abc", [
      { type: latest, percent: 100, tag: "candidate" },
    ]);
    expect(refusal).to.match(/^service platform is not updated: .*`pulumi up --refresh`/);
  });

  it("refuses traffic of an older deployment, which a release that stays the same is sent with", async () => {
    const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
    const older = (...shares: [string, number][]) =>
      shares.map(([revision, percent]) => ({ type: byName, revision, percent }));
    for (const traffics of [
      older(["platform-00001-abc", 100]),
      older(["platform-00001-abc", 50], ["platform-00002-def", 50]),
      [],
    ]) {
      expect(await run("platform-00002-def", traffics)).to.match(
        /platform-00002-def is live, and this update would take traffic from it .*`pulumi up --refresh`/,
      );
    }
  });
});

describe("updateHooks of a service on Cloud Run, after the update", () => {
  const hold = { "symphainy.dev/hold": "carol since 2030-01-01T00:00:00.000Z" };
  const stale = { "symphainy.dev/runner": "ada since X until Y run Z" };
  const args = {
    urn: "urn:pulumi:test::symphainy::gcp:cloudrunv2/service:Service::platform",
    id: "platform",
    name: "platform",
    type: "gcp:cloudrunv2/service:Service",
    oldOutputs: { effectiveAnnotations: stale },
  };
  let kept: KeepNotesArgs[];

  beforeEach(() => {
    kept = [];
  });

  async function hooked(
    keepNotes: UpdateSteps["keepNotes"] = async (notes) => void kept.push(notes),
  ) {
    const { result } = await record(() =>
      updateHooks(
        "platform",
        { connection, service, recorded: undefined },
        { prepare: async () => hold, keepNotes },
      ),
    );
    const [[before], [after], [failed]] = [
      result.beforeUpdate ?? [],
      result.afterUpdate ?? [],
      result.onError ?? [],
    ];
    if (!(before instanceof pulumi.ResourceHook && after instanceof pulumi.ResourceHook && failed))
      throw new Error("a hook is missing");
    return { before, after, failed };
  }

  it("keeps the notes that were there, against those that the state knew", async () => {
    const { before, after } = await hooked();
    await before.callback(args);
    await after.callback(args);
    expect(kept).to.deep.equal([{ connection, service, before: hold, sent: stale }]);
  });

  it("keeps them when the update has failed, which is not tried again", async () => {
    const { before, failed } = await hooked();
    await before.callback(args);
    const failure = { ...args, failedOperation: "update", errors: ["not ready"] };
    expect(await failed.callback(failure)).to.equal(false);
    expect(kept).to.have.length(1);
  });

  it("does nothing for a service that can't be created, or was never prepared", async () => {
    const { after, failed } = await hooked();
    await after.callback(args);
    expect(await failed.callback({ ...args, failedOperation: "create", errors: [] })).to.equal(
      false,
    );
    expect(kept).to.deep.equal([]);
  });

  it("says what may be lost: nobody promotes what somebody holds", async () => {
    const { before, after } = await hooked(() => Promise.reject(new Error("no answer")));
    await before.callback(args);
    const failure = await Promise.resolve(after.callback(args)).catch((error: Error) => error);
    expect(failure)
      .to.have.property("message")
      .that.matches(/^service platform is updated, but a hold .* may be lost .*: no answer$/);
  });
});

/** What is prepared, without what is told meanwhile. */
function dataOf({ announce, ...service }: Parameters<Prepare>[0]): object {
  expect(announce).to.be.a("function");
  return service;
}
