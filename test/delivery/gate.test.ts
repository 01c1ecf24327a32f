import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";

interface Answer {
  status?: number;
  release?: string;
  health?: number;
}

const program = join(import.meta.dirname, "../../components/gcp/deliveryGate.py");
const good: Answer = { release: "r-1", health: 100 };

/** Runs the gate's program, as Cloud Deploy would, against a service that gives one answer after the other. */
async function gate(answers: Answer[], env: Record<string, string> = {}) {
  const asked: IncomingMessage[] = [];
  const last = answers.at(-1) ?? good;
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/computeMetadata/")) {
      response.end("identity-token");
      asked.push(request);
      return;
    }
    const { status = 200, release = "", health = 0 } = answers.shift() ?? last;
    asked.push(request);
    response.writeHead(status, { "x-release-id": release });
    response.end(JSON.stringify({ health_percentage: health }));
  });
  const url = await listen(server);
  const child = spawn("python3", [program], {
    env: {
      PATH: process.env.PATH,
      CANDIDATE_URL: url,
      HEALTH_PATH: "/health",
      THRESHOLD_PERCENT: "80",
      CONSECUTIVE_PASSES: "2",
      INTERVAL_SECONDS: "0",
      TIMEOUT_SECONDS: "5",
      DEADLINE_MINUTES: "1",
      CLOUD_DEPLOY_RELEASE: "r-1",
      METADATA_URL: url,
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  const code = await new Promise((resolve) => child.on("close", resolve));
  server.close();
  return { code, output, asked };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the gate that Cloud Deploy runs", () => {
  it("opens after as many healthy answers in a row as it needs", async () => {
    const { code, output, asked } = await gate([good, { ...good, health: 60 }, good, good]);
    expect(code, output).to.equal(0);
    expect(asked).to.have.lengthOf(4);
    expect(output).to.include("gate: 0 of 2: health_percentage was 60, needs 80");
    expect(output.trim().split("\n").at(-1)).to.equal("gate: 2 of 2");
  });

  it("counts no answer of another release, however healthy", async () => {
    const { code, output } = await gate([{ ...good, release: "r-0" }], { DEADLINE_MINUTES: "0" });
    expect(code).to.equal(1);
    expect(output).to.include("the answer came from release r-0, not from r-1");
  });

  it("stays shut to what is not healthy by its deadline, and says why", async () => {
    const { code, output } = await gate([{ status: 503 }], { DEADLINE_MINUTES: "0" });
    expect(code).to.equal(1);
    expect(output).to.match(/has not passed in 0 minutes; last: HTTP 503/);
  });

  it("stays shut where nobody answers", async () => {
    const { code, output } = await gate([], {
      DEADLINE_MINUTES: "0",
      CANDIDATE_URL: "http://127.0.0.1:1",
    });
    expect(code).to.equal(1);
    expect(output).to.include("gate: 0 of 2: URLError: <urlopen error");
  });

  it("shows an identity token for the service to one that is private", async () => {
    const { code, output, asked } = await gate([good], { AUDIENCE: "https://service" });
    expect(code, output).to.equal(0);
    const tokens = asked.filter(({ url }) => url?.endsWith("/identity?audience=https://service"));
    expect(tokens.map(({ headers }) => headers["metadata-flavor"])).to.deep.equal([
      "Google",
      "Google",
    ]);
    const probes = asked.filter(({ url }) => url === "/health");
    expect(probes.map(({ headers }) => headers.authorization)).to.deep.equal([
      "Bearer identity-token",
      "Bearer identity-token",
    ]);
  });
});
