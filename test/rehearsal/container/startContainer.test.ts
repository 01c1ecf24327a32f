import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { scaledClock } from "../../../provider/clock.ts";
import type { Container, ContainerSpec } from "../../../rehearsal/container/container.ts";
import type { Image } from "../../../rehearsal/container/image.ts";
import { startContainer } from "../../../rehearsal/container/startContainer.ts";
import { findProcess } from "../../../rehearsal/processes/processTable.ts";
import { until } from "../processes/until.ts";
import { Workshop } from "./workshop.ts";

const server = `
import http.server, os, sys, signal, subprocess
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = "\\n".join(f"{k}={v}" for k, v in os.environ.items()).encode()
        self.send_response(200); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
if "IGNORE_TERM" in os.environ:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "600"])
    print("child", child.pid, flush=True)
http.server.ThreadingHTTPServer((os.environ.get("HOST", ""), int(os.environ.get("FIXED_PORT") or os.environ["PORT"])), Handler).serve_forever()
`;

describe("startContainer", function () {
  this.timeout(60_000);
  let shop: Workshop;
  let image: Image;

  before(async () => {
    shop = await Workshop.open();
    shop.write("server.py", server);
    image = await shop.build(
      [
        "FROM python:3",
        "WORKDIR /app",
        "COPY server.py .",
        "ENV FROM_IMAGE=/app OVERRIDDEN=image",
        'CMD ["python", "server.py"]',
        // healthy as long as the file lies there
        "HEALTHCHECK --interval=30s --retries=2 --timeout=5s CMD test -e /app/well",
      ].join("\n"),
    );
  });
  after(() => shop.close());

  const start = (spec: Partial<ContainerSpec> = {}, deps: { listenSeconds?: number } = {}) =>
    startContainer(
      { name: "task", image, env: { PORT: "8000" }, stopTimeoutSeconds: 10, ...spec },
      { processes: shop.processes, clock: scaledClock({ speed: 300 }), ...deps },
    );

  it("serves on a port of its own, with the image's environment and the agent's over it", async () => {
    process.env.A_SECRET_OF_THE_USER = "1";
    const container = await start({ env: { PORT: "8000", OVERRIDDEN: "agent", DIR: "/app/x" } });
    const lines = (await whenServing(container)).split("\n");
    delete process.env.A_SECRET_OF_THE_USER;
    expect(container.port).to.not.equal(8000);
    expect(lines).to.include.members([
      `PORT=${container.port}`,
      `FROM_IMAGE=${image.root}/app`,
      "OVERRIDDEN=agent",
      `DIR=${image.root}/app/x`,
    ]);
    const names = lines.map((line) => line.split("=")[0]);
    expect(names).to.not.include("A_SECRET_OF_THE_USER");
    await container.stop();
    expect(container.running).to.equal(false);
    expect(container.stoppedReason).to.contain("stopped by SIGTERM");
  });

  it("becomes healthy at the first success, unhealthy after `retries` failures, healthy again", async () => {
    const well = join(image.root, "app/well");
    rmSync(well, { force: true });
    const container = await start();
    const heard: string[] = [];
    container.onHealth((health) => heard.push(health));
    expect(container.health).to.equal("UNKNOWN");
    writeFileSync(well, "");
    await until(() => heard.length === 1);
    rmSync(well);
    await until(() => heard.length === 2);
    writeFileSync(well, "");
    await until(() => heard.length === 3);
    expect(heard).to.deep.equal(["HEALTHY", "UNHEALTHY", "HEALTHY"]);
    await container.stop();
  });

  it("takes the agent's command and health check instead of the image's", async () => {
    const container = await start({
      command: ["python", "/app/server.py"],
      healthCheck: {
        test: ["CMD", "python", "-c", "raise SystemExit(0)"],
        intervalSeconds: 1,
        timeoutSeconds: 10,
        startPeriodSeconds: 0,
        retries: 1,
      },
    });
    await until(() => container.health === "HEALTHY");
    await container.stop();
  });

  it("counts a check that takes longer than its real time-out as failed, and ends it", async () => {
    const container = await start({
      healthCheck: {
        test: ["CMD-SHELL", "sleep 600"],
        intervalSeconds: 1,
        timeoutSeconds: 0.1,
        startPeriodSeconds: 0,
        retries: 1,
      },
    });
    await until(() => container.health === "UNHEALTHY");
    expect(container.logs.join("\n")).to.contain("longer than 0.1 s");
    await container.stop();
  });

  it("says how it exited and what it wrote last", async () => {
    const container = await start({ command: ["python", "-c", "print('broken'); exit(3)"] });
    const reason = await new Promise((resolve) => container.onStopped(resolve));
    expect(reason).to.equal("exited with code 3: broken");
    expect(container.stoppedReason).to.equal(reason);
  });

  it("says that a program does not exist", async () => {
    const container = await start({ command: ["no-such-program"] });
    await until(() => !container.running);
    expect(container.stoppedReason).to.contain("no-such-program");
  });

  it("stops one that does not listen on $PORT, in those words", async () => {
    const other = await start();
    await whenServing(other);
    await other.stop();
    const fixed = String(other.port);
    const container = await start(
      { env: { PORT: "8000", FIXED_PORT: fixed } },
      { listenSeconds: 2 },
    );
    await until(() => !container.running);
    expect(container.stoppedReason).to.contain(
      `does not listen on $PORT (${container.port}) 2 s after its start; it listens on ${fixed}`,
    );
  });

  it("stops one that listens on the loopback address alone", async () => {
    for (const HOST of ["127.0.0.1", "127.0.0.2"]) {
      const container = await start({ env: { PORT: "8000", HOST } }, { listenSeconds: 2 });
      await until(() => !container.running);
      const reasons = {
        "127.0.0.1": "of the loopback address alone",
        "127.0.0.2": "does not listen",
      };
      expect(container.stoppedReason).to.contain(reasons[HOST as keyof typeof reasons]);
    }
  });

  it("kills one that ignores its stop signal, with its children, after the stop time-out", async () => {
    const container = await start({
      env: { PORT: "8000", IGNORE_TERM: "1" },
      stopTimeoutSeconds: 0.3,
    });
    await whenServing(container);
    const child = Number(/child (\d+)/.exec(container.logs.join("\n"))?.[1]);
    expect(findProcess(child)).to.not.equal(undefined);
    await container.stop();
    expect(container.stoppedReason).to.contain("killed after 0.3 s (ended by SIGKILL)");
    await until(() => !findProcess(child));
  });
});

async function whenServing({ port }: Container): Promise<string> {
  for (;;) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
