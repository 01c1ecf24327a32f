import type { ResourceHookArgs } from "@pulumi/pulumi";
import { expect } from "chai";
import { type Stop, stopBeforeUpdate } from "../../../components/aws/stopBeforeUpdate.ts";
import { record } from "../../support/mocks.ts";

const connection = { region: "eu-central-1" };
const args: ResourceHookArgs = {
  urn: "urn:pulumi:test::symphainy::aws:ecs/service:Service::platform",
  id: "arn:aws:ecs:eu-central-1:123456789012:service/symphainy/platform",
  name: "platform",
  type: "aws:ecs/service:Service",
};

describe("stopBeforeUpdate", () => {
  async function hook(stop: Stop) {
    const { result } = await record(() => stopBeforeUpdate("platform", connection, stop));
    return result;
  }

  it("stops the service that the state names, before it is updated", async () => {
    const stopped: Parameters<Stop>[0][] = [];
    const { callback } = await hook(async (service) => void stopped.push(service));
    await callback({ ...args, oldOutputs: { cluster: "symphainy" } });
    expect(stopped).to.deep.equal([{ connection, cluster: "symphainy", service: args.id }]);
  });

  it("fails the update when the deployment can't be stopped", async () => {
    const { callback } = await hook(() => Promise.reject(new Error("it has not ended")));
    const failed = await Promise.resolve(
      callback({ ...args, oldOutputs: { cluster: "symphainy" } }),
    ).catch((error: Error) => error.message);
    expect(failed).to.match(/^service platform is not updated.*: it has not ended$/);
  });

  it("says what to do about a state without a cluster", async () => {
    const { callback } = await hook(() => Promise.resolve());
    const failed = await Promise.resolve(callback(args)).catch((error: Error) => error.message);
    expect(failed).to.include("pulumi refresh");
  });
});
