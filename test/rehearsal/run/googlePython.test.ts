import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { cacheRoot } from "../../../rehearsal/cacheRoot.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startGcpApi } from "../../../rehearsal/cloud/gcpApi/startGcpApi.ts";
import { Monitoring } from "../../../rehearsal/cloud/monitoring/monitoring.ts";
import { findPython } from "../../../rehearsal/container/python.ts";
import { ensureVirtualEnvironment } from "../../../rehearsal/container/virtualEnvironment.ts";
import { openWorld, parent, type World } from "./support/world.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe("Google's own Python client and the emulated Cloud Run", function () {
  this.timeout(300_000);
  let python: string;
  let world: World;
  let api: ServedApi;

  before(async () => {
    world = await openWorld();
    const { clock, run, processes } = world;
    const folder = await ensureVirtualEnvironment({
      python: await findPython(null),
      installs: [
        {
          files: { "/requirements.txt": readFileSync(here("requirements.txt"), "utf8") },
          requirements: ["/requirements.txt"],
          options: [],
        },
      ],
      cacheDir: cacheRoot(),
      processes,
      onProgress: () => {},
    });
    python = join(folder, "bin", "python");
    const monitoring = new Monitoring({ clock, metrics: run.metrics });
    api = await startGcpApi({ run, monitoring });
  });

  after(async () => {
    await api?.close();
    await world.close();
  });

  it("makes a service, moves its traffic and deletes it, and is refused in words", async () => {
    const { host } = new URL(api.url);
    const { stdout } = await promisify(execFile)(python, [
      here("client.py"),
      host,
      parent,
      world.image,
    ]);
    const { conflict, missing, ...understood } = JSON.parse(stdout);
    expect(understood).to.deep.equal({
      state: "CONDITION_SUCCEEDED",
      generation: 1,
      tags: ["candidate"],
      labels: { release: "p" },
      ready: ["CONDITION_SUCCEEDED"],
      shares: [
        ["TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", 100, ""],
        ["TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", 0, "candidate"],
      ],
      annotations: { "symphainy.dev/runner": "one" },
      revisions: 1,
      services: [`${parent}/services/python`],
      deleted: `${parent}/services/python`,
    });
    expect(conflict[0]).to.equal(409);
    expect(conflict[1]).to.match(/Conflict for resource 'python'/);
    expect(missing[0]).to.equal(404);
    expect(world.servers.all.map(({ signals }) => signals)).to.deep.equal([["SIGTERM"]]);
  });
});
