import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { scaledClock } from "../../../provider/clock.ts";
import { releaseHeader } from "../../../provider/messages.ts";
import { cacheRoot } from "../../../rehearsal/cacheRoot.ts";
import { buildImage } from "../../../rehearsal/container/buildImage.ts";
import type { Container, ContainerSpec } from "../../../rehearsal/container/container.ts";
import type { Image } from "../../../rehearsal/container/image.ts";
import { startContainer } from "../../../rehearsal/container/startContainer.ts";
import { freePort } from "../../../rehearsal/processes/freePort.ts";
import { openProcesses, type Supervisor } from "../../../rehearsal/processes/supervisor.ts";
import { until } from "../processes/until.ts";

const platforms = join(import.meta.dirname, "../platforms");

interface Variant {
  name: string;
  context: string;
  dockerfile?: string;
  /** Instead of the image's CMD. */
  command?: string[];
  /** Starts it on another port than it is told, which is $OTHER. */
  elsewhere: string;
  /** What its end says; undefined where something before it takes the stop signal. @default in order */
  end?: string;
}

const inOrder = "stopped by SIGTERM (exited with code 0)";

/** Build contexts that are not the reference platform, and ways to start them. */
const variants: Variant[] = [
  {
    name: "Flask on gunicorn",
    context: "flask",
    elsewhere: "PORT=$OTHER exec gunicorn app:app",
  },
  {
    name: "Flask on gunicorn, in shell form",
    context: "flask",
    dockerfile: "Dockerfile.shell",
    elsewhere: "gunicorn -b 0.0.0.0:$OTHER app:app",
  },
  {
    name: "http.server",
    context: "httpServer",
    elsewhere: "python -m http.server $OTHER",
  },
  {
    name: "Node",
    context: "node",
    elsewhere: "PORT=$OTHER exec node server.mjs",
  },
  {
    name: "Node, a script for the image's entry point",
    context: "node",
    command: ["server.mjs"],
    elsewhere: "PORT=$OTHER docker-entrypoint.sh server.mjs",
  },
  {
    name: "Node, by npm start",
    context: "node",
    command: ["npm", "start"],
    elsewhere: "PORT=$OTHER npm start",
    // npm's shell takes the signal and passes it on to nobody.
    end: "stopped by SIGTERM (ended by SIGTERM)",
  },
];

for (const variant of variants) {
  const { name, context, dockerfile = "Dockerfile", command, elsewhere, end = inOrder } = variant;
  describe(`a platform: ${name}`, function () {
    this.timeout(180_000);
    let processes: Supervisor;
    let runDir: string;
    let image: Image;
    /** What the last two tests look at: begun first, as they do little but wait. */
    let unhealthy: Container;
    let elsewhereOn: { container: Container; port: number };

    before(async () => {
      runDir = mkdtempSync(join(tmpdir(), "symphainy-run-"));
      processes = await openProcesses({ runDir });
      image = await buildImage({
        context: join(platforms, context),
        dockerfile: join(platforms, context, dockerfile),
        cacheDir: cacheRoot(),
        processes,
        onProgress: () => {},
      });
      unhealthy = await start({ env: { HEALTH_THRESHOLD_PERCENT: "101" } });
      const port = await freePort();
      const script = elsewhere.replaceAll("$OTHER", String(port));
      const container = await start({ command: ["/bin/sh", "-c", script] }, 4);
      elsewhereOn = { container, port };
    });
    after(async () => {
      await processes.close();
      rmSync(runDir, { recursive: true, force: true });
    });

    const start = (spec: Partial<ContainerSpec> = {}, listenSeconds = 20) =>
      startContainer(
        {
          name: "task",
          image,
          // As a rehearsal sets them: its time-outs are fractions.
          env: {
            PORT: "8000",
            RELEASE_ID: "r1",
            HEALTH_THRESHOLD_PERCENT: "80",
            KEEP_ALIVE_SECONDS: "2.5",
            DRAIN_SECONDS: "0.667",
            ...spec.env,
          },
          ...(command && { command }),
          stopTimeoutSeconds: 20,
          ...(spec.command && { command: spec.command }),
        },
        { processes, clock: scaledClock({ speed: 60 }), listenSeconds },
      );

    it("keeps the contract: names its release, tells its health, ends in order", async () => {
      const container = await start();
      await untilServing(container);
      const health = await get(container, "/health");
      expect(health.status).to.equal(200);
      expect(await health.json()).to.include({ health_percentage: 100 });
      for (const [path, status] of Object.entries({ "/": 200, "/nowhere": 404, "/health": 200 })) {
        const answer = await get(container, path);
        expect([path, answer.status]).to.deep.equal([path, status]);
        expect(answer.headers.get(releaseHeader)).to.equal("r1");
      }
      await until(() => container.health === "HEALTHY");
      await container.stop();
      expect(container.stoppedReason?.startsWith(end), container.stoppedReason).to.equal(true);
      expect(await answers(container)).to.equal(false);
    });

    it("is unhealthy below the threshold, by its own check too", async () => {
      await untilServing(unhealthy);
      expect((await get(unhealthy, "/health")).status).to.equal(503);
      await until(() => unhealthy.health === "UNHEALTHY");
      await unhealthy.stop();
    });

    it("is stopped when it does not listen on $PORT, in those words", async () => {
      const { container, port } = elsewhereOn;
      await until(() => !container.running);
      expect(container.stoppedReason).to.contain(
        `does not listen on $PORT (${container.port}) 4 s after its start; it listens on ${port}`,
      );
    });
  });
}

const get = ({ port }: Container, path: string) => fetch(`http://127.0.0.1:${port}${path}`);

async function untilServing(container: Container): Promise<void> {
  await until(async () => {
    if (!container.running) throw new Error(container.stoppedReason);
    return answers(container);
  });
}

function answers(container: Container): Promise<boolean> {
  return get(container, "/").then(
    () => true,
    () => false,
  );
}

describe("the page on services of one's own", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/platform.md"), "utf8");
  const shown = {
    flask: ["app.py", "gunicorn.conf.py", "check.py", "Dockerfile"],
    node: ["server.mjs", "check.mjs", "Dockerfile"],
  };
  for (const [folder, files] of Object.entries(shown)) {
    for (const file of files) {
      it(`shows ${folder}/${file} as it is tested`, () => {
        expect(page).to.include(readFileSync(join(platforms, folder, file), "utf8"));
      });
    }
  }
});
