import { expect } from "chai";
import { deployedServices } from "../../../components/gcp/deployedServices.ts";

describe("deployedServices", () => {
  const image = `repo.example/platform@sha256:${"a".repeat(64)}`;
  const service = (outputs: object) => ({
    type: "gcp:cloudrunv2/service:Service",
    outputs: {
      project: "p",
      location: "europe-west1",
      name: "platform",
      template: { containers: [{ image }] },
      ...outputs,
    },
  });
  // As the engine answers.
  const stateOf = (...resources: object[]) =>
    JSON.parse(
      JSON.stringify({
        name: "organization/cd/test",
        outputs: Object.fromEntries(resources.map((resource, index) => [`urn:${index}`, resource])),
      }),
    );

  it("are those that have had a ready revision, by their full names, with their images", () => {
    const ready = { latestReadyRevision: "platform-00001-abc" };
    const other = { type: "gcp:storage/bucket:Bucket", outputs: { ...ready, name: "platform" } };
    const state = stateOf(other, service(ready), service({ ...ready, location: "us-east1" }));
    expect([...deployedServices(state)]).to.deep.equal([
      ["projects/p/locations/europe-west1/services/platform", { image }],
      ["projects/p/locations/us-east1/services/platform", { image }],
    ]);
  });

  it("say what Cloud Deploy has brought live, where they have a pipeline", () => {
    const pipeline = {
      type: "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
      outputs: { project: "p", location: "europe-west1", name: "platform" },
    };
    const deliveredWith = (trafficStatuses: object[]) => {
      const state = stateOf(
        pipeline,
        service({ latestReadyRevision: "platform-00009-abc", trafficStatuses }),
      );
      return [...deployedServices(state).values()].map(({ delivered }) => delivered);
    };
    const named = { percent: 100, revision: "platform-00007-abc", tag: "candidate" };
    expect(deliveredWith([{ percent: 0 }, named])).to.deep.equal([
      { revision: "platform-00007-abc" },
    ]);
    expect(deliveredWith([{ percent: 100, revision: "" }])).to.deep.equal([
      { revision: "platform-00009-abc" },
    ]);
    const shared = [{ ...named, percent: 90 }, { percent: 10 }];
    expect(deliveredWith(shared)).to.deep.equal([{ revision: undefined }]);
  });

  it("are not those that never had one", () => {
    expect(deployedServices(stateOf(service({}))).size).to.equal(0);
    expect(deployedServices(stateOf(service({ latestReadyRevision: "" }))).size).to.equal(0);
  });

  it("are none in a state without resources, or none at all", () => {
    expect(deployedServices(stateOf()).size).to.equal(0);
    expect(deployedServices(null).size).to.equal(0);
  });
});
