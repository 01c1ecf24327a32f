import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  type Prepare,
  type PrepareUpdateArgs,
  prepareBeforeUpdate,
} from "../../../components/gcp/prepareBeforeUpdate.ts";
import { record } from "../../support/mocks.ts";

const connection = { project: "my-project", region: "europe-west1" };
const id = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
const keepsLive = [
  { type: byName, revision: "platform-00001-abc", percent: 100 },
  { type: latest, percent: 0, tag: "candidate" },
];

describe("prepareBeforeUpdate of a service on Cloud Run", () => {
  async function run(
    live: string | undefined,
    traffics: object[],
    prepare: Prepare = async () => undefined,
    credentials?: pulumi.Output<string>,
  ): Promise<string> {
    const { result: hook } = await record(() =>
      prepareBeforeUpdate(
        "platform",
        { connection: { ...connection, ...(credentials && { credentials }) }, live },
        prepare,
      ),
    );
    const args = {
      urn: "urn:pulumi:test::symphainy::gcp:cloudrunv2/service:Service::platform",
      id,
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
    const prepared: PrepareUpdateArgs[] = [];
    await run("platform-00001-abc", keepsLive, async (args) => void prepared.push(args));
    expect(prepared).to.deep.equal([
      { connection, cloudRunService: id, declaredLive: "platform-00001-abc" },
    ]);
  });

  it("hands the credentials of the stack on", async () => {
    const prepared: PrepareUpdateArgs[] = [];
    const credentials = pulumi.secret("key");
    await run("x", keepsLive, async (args) => void prepared.push(args), credentials);
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
});
