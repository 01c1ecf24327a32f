import { request } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { ask, keptConnection, upload } from "./client.ts";
import {
  type Cloud,
  type Front,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  reachesState,
  registerHealthy,
  stateOf,
} from "./cloud.ts";

describe("proxy", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let a: BackendServer;
  let front: Front;
  let group: string;
  let target: { Id: string; Port: number };
  let fronts = 0;

  before(async () => {
    cloud = await openCloud();
  });

  after(() => cloud.close());

  beforeEach(async () => {
    fronts += 1;
    a = await BackendServer.start("a");
    front = await makeFront(cloud, `front-${fronts}`);
    group = await makeGroup(cloud, `group-${fronts}`, { delaySeconds: 30 });
    await makeRule(cloud, front.listener, { [group]: 1 });
    target = await registerHealthy(cloud, group, a.port);
  });

  afterEach(() => a.close());

  it("answers 502 by itself when the target closes the connection, and does not retry", async () => {
    a.answer = (req) => void req.socket.destroy();
    const answer = await ask(`${front.url}/x`);
    expect(answer.status).to.equal(502);
    expect(answer.headers.server).to.equal("awselb/2.0");
    expect(a.requests).to.equal(1);
  });

  it("answers 502 by itself when the target refuses connections", async () => {
    await a.close();
    const answer = await ask(`${front.url}/x`);
    expect(answer.status).to.equal(502);
    expect(answer.headers.server).to.equal("awselb/2.0");
    a = await BackendServer.start("a");
  });

  it("answers 504 when no machine is left at the address, until its checks say so", async () => {
    const b = await BackendServer.start("b");
    await registerHealthy(cloud, group, b.port);
    await cloud.loadBalancing.unmapAddress(target.Id);
    const answers = await Promise.all([1, 2].map(() => ask(`${front.url}/x`)));
    expect(answers.map(({ status }) => status)).to.have.members([200, 504]);
    await reachesState(cloud, group, target, "unhealthy");
    expect(await stateOf(cloud, group, target)).to.include({ Reason: "Target.Timeout" });
    const later = await Promise.all([1, 2, 3, 4].map(() => ask(`${front.url}/x`)));
    expect(later.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    await b.close();
  });

  it("answers 503 by itself when the group has no targets", async () => {
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: group, Targets: [target] });
    const answer = await ask(`${front.url}/x`);
    expect(answer.status).to.equal(503);
    expect(answer.headers.server).to.equal("awselb/2.0");
  });

  it("answers 504 by itself when the target takes longer than the idle time-out", async () => {
    await cloud.loadBalancing.modifyLoadBalancerAttributes({
      LoadBalancerArn: front.loadBalancer,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "1" }],
    });
    a.answer = () => {};
    const answer = await ask(`${front.url}/x`);
    expect(answer.status).to.equal(504);
    expect(answer.headers.server).to.equal("awselb/2.0");
  });

  it("passes a target's own 503 on with its headers", async () => {
    a.answer = (_, response) => {
      response.writeHead(503, { server: "uvicorn", "x-more": ["1", "2"] }).end("mine");
    };
    const answer = await ask(`${front.url}/x`);
    expect(answer.status).to.equal(503);
    expect(answer.headers.server).to.equal("uvicorn");
    expect(answer.headers["x-more"]).to.equal("1, 2");
    expect(answer.body).to.equal("mine");
  });

  it("breaks the response off when the target does", async () => {
    a.answer = (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    const error = await ask(`${front.url}/x`).then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error).to.be.an("error");
  });

  it("streams both ways: the target sees the first bytes before the last are sent", async () => {
    const parts: string[] = [];
    a.answer = (req, response) => {
      response.write("begun ");
      req.on("data", (part: Buffer) => parts.push(part.toString()));
      req.on("end", () => response.end("done"));
    };
    const long = upload(`${front.url}/upload`);
    await until(() => parts.join("") === "first ");
    long.request.end("last");
    expect((await long.answer).body).to.equal("begun done");
    expect(parts.join("")).to.equal("first last");
  });

  it("frees the target when the client leaves, and logs 460", async () => {
    let left = false;
    a.answer = (_, response) => void response.on("close", () => (left = true));
    const from = Date.now();
    const sent = request(`${front.url}/left`, { agent: false });
    sent.on("error", () => {});
    sent.end();
    await until(() => a.requests === 1);
    sent.destroy();
    await until(() => left);
    await until(
      async () => (await cloud.loadBalancing.accessLog({ from, status: 460 })).length === 1,
    );
  });

  it("tells the target who asked, and drops connection headers", async () => {
    await ask(`${front.url}/x?y=1`, {
      headers: { "x-forwarded-for": "1.2.3.4", connection: "x-private, close", "x-private": "1" },
    });
    const [seen] = a.seen;
    expect(seen?.url).to.equal("/x?y=1");
    expect(seen?.headers).to.include({
      "x-forwarded-for": "1.2.3.4, 127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
      host: new URL(front.url).host,
    });
    expect(seen?.headers).not.to.have.any.keys("x-private");
  });

  it("drops invalid header fields only when it is told to", async () => {
    const headers = { under_score: "1" };
    await ask(`${front.url}/x`, { headers });
    await cloud.loadBalancing.modifyLoadBalancerAttributes({
      LoadBalancerArn: front.loadBalancer,
      Attributes: [{ Key: "routing.http.drop_invalid_header_fields.enabled", Value: "true" }],
    });
    await ask(`${front.url}/x`, { headers });
    expect(a.seen.map((seen) => seen.headers.under_score)).to.eql(["1", undefined]);
  });

  it("keeps connections to targets, and closes the idle ones when a target is deregistered", async () => {
    let open = 0;
    a.server.on("connection", (socket) => {
      open += 1;
      socket.on("close", () => (open -= 1));
    });
    const client = keptConnection();
    for (let count = 0; count < 10; count += 1) await client.ask(`${front.url}/x`);
    expect(new Set(a.seen.map((seen) => seen.socket)).size).to.equal(1);
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: group, Targets: [target] });
    await until(() => open === 0);
    expect((await stateOf(cloud, group, target))?.State).to.equal("draining");
    client.close();
  });

  it("passes a WebSocket through, and cuts it when the target is gone", async () => {
    let left = false;
    a.server.on("upgrade", (_, socket) => {
      socket.on("close", () => (left = true));
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n",
      );
      socket.pipe(socket);
    });
    const { hostname, port } = new URL(front.url);
    const socket = connect(Number(port), hostname);
    let received = "";
    let closed = false;
    socket.on("data", (part) => (received += part));
    socket.on("error", () => {});
    socket.on("close", () => (closed = true));
    socket.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    await until(() => received.includes("101"));
    socket.write("ping");
    await until(() => received.endsWith("ping"));
    await cloud.loadBalancing.deregisterTargets({ TargetGroupArn: group, Targets: [target] });
    socket.write("pong");
    await until(() => received.endsWith("pong"));
    expect(closed).to.equal(false);
    await until(() => closed && left);
  });

  it("closes connections at once when the drain is sabotaged", async () => {
    const broken = await openCloud({ sabotage: { deregistrationDelaySeconds: 0 } });
    try {
      const other = await makeFront(broken);
      const cut = await makeGroup(broken, "cut", { delaySeconds: 3600 });
      await makeRule(broken, other.listener, { [cut]: 1 });
      const registered = await registerHealthy(broken, cut, a.port);
      const long = upload(`${other.url}/upload`);
      await until(() => a.requests === 1);
      await broken.loadBalancing.deregisterTargets({ TargetGroupArn: cut, Targets: [registered] });
      expect((await long.answer).status).to.equal(502);
    } finally {
      await broken.close();
    }
  });

  it("takes any answer for healthy when health is sabotaged", async () => {
    const broken = await openCloud({ sabotage: { ignoreHealth: true } });
    try {
      a.ready = 503;
      const other = await makeFront(broken);
      const open = await makeGroup(broken, "open");
      await makeRule(broken, other.listener, { [open]: 1 });
      await registerHealthy(broken, open, a.port);
    } finally {
      await broken.close();
    }
  });

  it("says so when its process is lost", async () => {
    const lost = await openCloud();
    await lost.loadBalancing.close();
    const error = await lost.loadBalancing.stats().then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.message).to.match(/proxy ended/);
    await lost.close();
  });
});
