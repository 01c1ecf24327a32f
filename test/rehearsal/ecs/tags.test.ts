import {
  DescribeClustersCommand,
  ECSClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { expectRefusal } from "../elb/refusal.ts";
import { gateAndBake, openWorld } from "./support/world.ts";

describe("tags of ECS resources", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let cluster: string;
  beforeEach(async () => {
    world = await openWorld();
    const { clusters } = await world.ecs.describeClusters({ clusters: ["main"] });
    cluster = clusters?.[0]?.clusterArn ?? "";
  });
  afterEach(() => world.close());

  const tag = (key: string, value: string, resourceArn = cluster) =>
    world.ecs.tagResource({ resourceArn, tags: [{ key, value }] });

  it("are set, changed and taken away one by one", async () => {
    await tag("one", "1");
    await tag("two", "2");
    await tag("one", "more");
    const { tags } = await world.ecs.listTagsForResource({ resourceArn: cluster });
    expect(tags).to.deep.equal([
      { key: "one", value: "more" },
      { key: "two", value: "2" },
    ]);
    await world.ecs.untagResource({ resourceArn: cluster, tagKeys: ["one", "three"] });
    const left = await world.ecs.listTagsForResource({ resourceArn: cluster });
    expect(left.tags).to.deep.equal([{ key: "two", value: "2" }]);
  });

  it("come with a description only when they are asked for", async () => {
    await tag("one", "1");
    const names = { clusters: ["main"] };
    const bare = await world.ecs.describeClusters(names);
    expect(bare.clusters?.[0]?.tags).to.deep.equal([]);
    const full = await world.ecs.describeClusters({ ...names, include: ["TAGS"] });
    expect(full.clusters?.[0]?.tags).to.deep.equal([{ key: "one", value: "1" }]);

    await world.create("A", gateAndBake);
    const service = await world.service();
    expect(service).not.to.have.property("tags");
    await tag("of", "service", service.serviceArn);
    const { services } = await world.ecs.describeServices({
      cluster: "main",
      services: ["platform"],
      include: ["TAGS"],
    });
    expect(services?.[0]?.tags).to.deep.equal([{ key: "of", value: "service" }]);
  });

  it("go with their resource", async () => {
    await world.ecs.createCluster({ clusterName: "other", tags: [{ key: "a", value: "b" }] });
    const find = async () => {
      const { clusters } = await world.ecs.describeClusters({
        clusters: ["other"],
        include: ["TAGS"],
      });
      return clusters?.[0]?.tags;
    };
    expect(await find()).to.deep.equal([{ key: "a", value: "b" }]);
    await world.ecs.deleteCluster({ cluster: "other" });
    await world.ecs.createCluster({ clusterName: "other" });
    expect(await find()).to.deep.equal([]);
  });

  it("keep to the lengths and characters that AWS allows", async () => {
    await tag("k".repeat(128), "v".repeat(256));
    await tag("Grüße 1_.:/=+-@", "");
    for (const [key, value, says] of [
      ["k".repeat(129), "", /at most 128/],
      ["k", "v".repeat(257), /at most 256/],
      ["", "v", /is empty/],
      ["k", '{"a":1}', /letters, digits, spaces/],
      ["k,l", "v", /letters, digits, spaces/],
      ["aws:k", "v", /reserved/],
    ] as const) {
      await expectRefusal(tag(key, value), "InvalidParameterException", says);
    }
    const tags = Array.from({ length: 49 }, (_, index) => ({ key: `n${index}`, value: "" }));
    const more = world.ecs.tagResource({ resourceArn: cluster, tags });
    await expectRefusal(more, "LimitExceededException", /at most 50 tags.*have 51/);
  });

  it("are refused for what does not exist", async () => {
    const of = (resource: string) => tag("a", "b", cluster.replace("cluster/main", resource));
    await expectRefusal(of("cluster/none"), "ClusterNotFoundException", /not found/);
    await expectRefusal(of("service/main/none"), "ResourceNotFoundException", /main\/none/);
    await expectRefusal(of("task/main/1"), "UnsupportedFeatureException", /task\/main\/1/);
  });

  it("go over the wire as the SDK sends them", async () => {
    const api = await startCloudApi({ ecs: world.ecs, loadBalancing: {}, cloudwatch: {} });
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const client = new ECSClient({ endpoint: api.url, region: "eu-central-1", credentials });
    try {
      const resourceArn = cluster;
      await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: "a", value: "b" }] }));
      const { clusters } = await client.send(
        new DescribeClustersCommand({ clusters: ["main"], include: ["TAGS"] }),
      );
      expect(clusters?.[0]?.tags).to.deep.equal([{ key: "a", value: "b" }]);
      await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
      const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
      expect(tags).to.deep.equal([]);
    } finally {
      client.destroy();
      await api.close();
    }
  });
});
