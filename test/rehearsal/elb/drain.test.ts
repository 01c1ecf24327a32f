import { once } from "node:events";
import { expect } from "chai";
import type { Recorded } from "../../../rehearsal/cloud/journal.ts";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { type Answer, upload } from "./client.ts";
import { type Cloud, makeFront, makeGroup, makeRule, openCloud, registerHealthy } from "./cloud.ts";
import { echoWebSockets } from "./webSocketServer.ts";

/** Cloud seconds; at speed 30, two real ones. */
const delaySeconds = 60;

describe("a drain", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let backend: BackendServer;
  let socket: WebSocket;
  let long: { request: ReturnType<typeof upload>["request"]; answer: Promise<Answer> };
  let drain: () => Promise<unknown>;
  let states: () => Recorded[];

  beforeEach(async () => {
    cloud = await openCloud();
    backend = await BackendServer.start("a");
    echoWebSockets(backend.server);
    const front = await makeFront(cloud);
    const group = await makeGroup(cloud, "group", { delaySeconds });
    await makeRule(cloud, front.listener, { [group]: 1 });
    const target = await registerHealthy(cloud, group, backend.port);
    socket = new WebSocket(front.url.replace("http", "ws"));
    await once(socket, "open");
    long = upload(`${front.url}/upload`);
    await until(() => backend.requests === 1);
    drain = () =>
      cloud.loadBalancing.deregisterTargets({ TargetGroupArn: group, Targets: [target] });
    states = () =>
      cloud.journal.events.filter(
        (event) => event.kind === "target" && ["draining", "gone"].includes(event.state),
      );
  });

  afterEach(async () => {
    socket.close();
    await backend.close();
    await cloud.close();
  });

  async function echo(text: string): Promise<unknown> {
    const answer = once(socket, "message");
    socket.send(text);
    const [message] = await answer;
    return message instanceof MessageEvent ? message.data : message;
  }

  it("lets a WebSocket and an upload come to their own end within the delay", async () => {
    await drain();
    expect(await echo("still here")).to.equal("still here");
    long.request.write("second ");
    expect(await echo("and here")).to.equal("and here");
    const closed = once(socket, "close");
    socket.close(1000);
    const [end] = await closed;
    expect(end).to.include({ code: 1000, wasClean: true });
    long.request.end("last");
    expect(await long.answer).to.include({ status: 200, body: "a first second last" });
    // Both were over before anything was cut.
    expect(states()).to.have.length(1);
  });

  it("cuts a WebSocket and an upload when the delay is over, and not before", async () => {
    const closed = once(socket, "close");
    await drain();
    const [[end], answer] = await Promise.all([closed, long.answer]);
    expect(end).to.include({ code: 1006, wasClean: false });
    expect(answer.status).to.equal(502);
    expect(answer.headers.server).to.equal("awselb/2.0");
    await until(() => states().length === 2);
    const [begun, gone] = states();
    expect((gone?.at ?? 0) - (begun?.at ?? 0)).to.be.at.least(delaySeconds * 1000 - 500);
  });
});
