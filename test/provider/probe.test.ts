import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { httpProbe } from "../../provider/probe.ts";
import { failureOf } from "./support/failureOf.ts";

describe("httpProbe", () => {
  const never = new AbortController().signal;
  const seen: http.IncomingMessage[] = [];
  let answer: http.RequestListener;
  let server: http.Server;
  let url: string;

  before(async () => {
    server = http.createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const probe = (timeoutSeconds = 5) =>
    httpProbe({ url, header: { name: "x-test", value: "s3cret" }, timeoutSeconds }, never);

  it("tells status, release and health", async () => {
    answer = (_request, response) => {
      response.writeHead(503, { "x-release-id": "aaaa" });
      response.end(JSON.stringify({ health_percentage: 60, services: {} }));
    };
    expect(await probe()).to.deep.equal({ status: 503, release: "aaaa", healthPercentage: 60 });
    expect(seen.at(-1)?.headers["x-test"]).to.equal("s3cret");
  });

  it("shows who asks", async () => {
    answer = (_request, response) => response.end("{}");
    await httpProbe({ url, token: "id.token", timeoutSeconds: 5 }, never);
    expect(seen.at(-1)?.headers.authorization).to.equal("Bearer id.token");
  });

  it("asks over a new connection each time", async () => {
    answer = (_request, response) => response.end("{}");
    await probe();
    await probe();
    const [a, b] = seen.slice(-2).map(({ socket }) => socket);
    expect(a).not.to.equal(b);
  });

  for (const body of ["not json", '"text"', "null", '{"health_percentage": "100"}']) {
    it(`finds no health in ${body}`, async () => {
      answer = (_request, response) => response.end(body);
      expect(await probe()).to.deep.equal({
        status: 200,
        release: undefined,
        healthPercentage: undefined,
      });
    });
  }

  it("gives up on an answer that does not come", async () => {
    answer = () => undefined;
    expect(await probe(0.1)).to.deep.equal({ error: "no answer within 0.1 s" });
  });

  it("gives up on an answer that does not end", async () => {
    answer = (_request, response) => response.write("{");
    expect(await probe(0.1)).to.deep.equal({ error: "no answer within 0.1 s" });
  });

  it("tells an answer that breaks off from a whole one", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": "100", "x-release-id": "aaaa" });
      response.write("{");
      setImmediate(() => response.destroy());
    };
    expect(await probe()).to.have.property("error");
  });

  it("does not read without end", async () => {
    answer = (_request, response) => response.end("x".repeat(300 * 1024));
    expect((await probe()).error).to.contain("answer over");
  });

  it("tells a refused connection", async () => {
    const refused = await httpProbe({ url: "http://127.0.0.1:1/", timeoutSeconds: 5 }, never);
    expect(refused.error).to.contain("ECONNREFUSED");
  });

  it("fails only when it is called off", async () => {
    answer = () => undefined;
    const abort = new AbortController();
    const probing = httpProbe({ url, timeoutSeconds: 60 }, abort.signal);
    setImmediate(() => abort.abort(new Error("called off")));
    expect(await failureOf(probing)).to.equal("called off");
  });
});
