import { expect } from "chai";
import { Cluster } from "../../../components/aws/cluster.ts";
import { only, record } from "../../support/mocks.ts";

describe("Cluster", () => {
  const create = () => record(() => new Cluster("platform", { tags: { CostCentre: "4711" } }));

  it("never takes off the claims and holds that a refresh has found among its tags", async () => {
    const { inputs, ignoreChanges } = only(await create(), "aws:ecs/cluster:Cluster");
    expect(inputs.tags).to.deep.equal({ CostCentre: "4711" });
    expect(ignoreChanges).to.have.members(["tags", "tagsAll"]);
  });

  it("collects figures of every task", async () => {
    const { inputs } = only(await create(), "aws:ecs/cluster:Cluster");
    expect(inputs.settings).to.deep.equal([{ name: "containerInsights", value: "enabled" }]);
  });
});
