import { expect } from "chai";
import { scaledClock } from "../../../provider/clock.ts";
import { ask } from "../elb/client.ts";
import { until } from "../processes/until.ts";
import { openWorld, pinned, type World } from "./support/world.ts";

/** Says its release, and on SIGTERM finishes what it has; listens a while after its start. */
const server = `
  const http = require("node:http");
  const server = http.createServer((request, response) => {
    response.setHeader("x-release-id", process.env.RELEASE_ID);
    setTimeout(() => response.end(process.env.K_REVISION), 5);
  });
  setTimeout(() => server.listen(Number(process.env.PORT), "0.0.0.0"), 100);
  process.on("SIGTERM", () => server.close(() => process.exit(0)));
`;

describe("Cloud Run over real processes", () => {
  let world: World;
  let url: string;

  before(async () => {
    world = await openWorld({ server });
    await world.create({ release: "a", min: 2 });
    url = (await world.present()).uri ?? "";
  });

  after(() => world.close());

  it("shifts to the next release by steps without losing a request", async () => {
    const load = startLoad();
    const live = await world.latest();
    await world.update({ release: "b", min: 2, traffic: pinned(live) });
    const candidate = await world.latest();
    await answered("a", 20);
    expect(load.answers.has("b")).to.equal(false);
    const byName = { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION" };
    await world.setTraffic([
      { ...byName, revision: live, percent: 50 },
      { ...byName, revision: candidate, percent: 50 },
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 0, tag: "candidate" },
    ]);
    await answered("b", 20);
    await world.setTraffic(pinned(candidate));
    await until(() => world.run.instances().every(({ release }) => release === "b"));
    await answered("b", 20);
    await load.stop();
    expect(load.failures).to.deep.equal([]);

    async function answered(release: string, more: number): Promise<void> {
      const before = load.answers.get(release) ?? 0;
      await until(() => (load.answers.get(release) ?? 0) >= before + more);
    }
  });

  it("gives the traffic back without losing a request, to instances that are started for it", async () => {
    const load = startLoad();
    const { revisions } = await world.run.listRevisions({ parent: (await world.present()).name });
    const first = revisions.at(-1)?.name.split("/").at(-1) ?? "";
    expect(world.run.instances().map(({ release }) => release)).not.to.include("a");
    await world.setTraffic(pinned(first));
    await until(() => (load.answers.get("a") ?? 0) > 20);
    await load.stop();
    expect(load.failures).to.deep.equal([]);
    expect((await ask(url)).body).to.equal(first);
  });

  it("serves on when an instance is killed", async () => {
    const [victim] = world.run.instances().filter(({ release }) => release === "a");
    await world.run.killInstance(victim?.id ?? "");
    await until(() => {
      const serving = world.run.instances().filter(({ state }) => state === "serving");
      return serving.filter(({ release }) => release === "a").length === 2;
    });
    expect((await ask(url)).status).to.equal(200);
  });

  /** Four clients, each with one request at a time. */
  function startLoad() {
    const answers = new Map<string, number>();
    const failures: string[] = [];
    const controller = new AbortController();
    const clients = Array.from({ length: 4 }, async () => {
      while (!controller.signal.aborted) {
        try {
          const response = await fetch(url);
          await response.text();
          const release = response.headers.get("x-release-id") ?? "none";
          if (response.ok) answers.set(release, (answers.get(release) ?? 0) + 1);
          else failures.push(`${response.status} by ${release}`);
        } catch (error) {
          failures.push(String(error));
        }
        await scaledClock({ speed: 1 }).sleep(0.01);
      }
    });
    return {
      answers,
      failures,
      async stop() {
        controller.abort();
        await Promise.all(clients);
      },
    };
  }
});
