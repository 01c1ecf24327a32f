import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { releaseHeader } from "../../../../provider/messages.ts";
import type { Random } from "../../../seededRandom.ts";
import type { AccessRecord, ProxyListener, ProxyLoadBalancer } from "../wire.ts";
import type { AccessLog } from "./accessLog.ts";
import { answer, redirectLocation, serverName } from "./answers.ts";
import type { Backend } from "./backend.ts";
import type { BackendGroup, Visitor } from "./backendGroup.ts";
import { clientLeft, forward } from "./forward.ts";
import type { DoorKeeper } from "./frontDoor.ts";
import { requestHeaders } from "./headers.ts";
import type { Meter } from "./meter.ts";
import { chooseGroup, compileRoutes, type Route } from "./routing.ts";
import { sessionHeaders, sessionOf } from "./stickiness.ts";
import { tunnel } from "./tunnel.ts";

export interface ListenerArgs {
  loadBalancer: ProxyLoadBalancer;
  listener: ProxyListener;
  groups: ReadonlyMap<string, BackendGroup>;
  log: AccessLog;
  meter: Meter;
  /** The generator that a rule's weights are drawn with. */
  random(rule: string): Random;
  /** Cloud time, in milliseconds since the Unix epoch. */
  now(): number;
  /** Told of every request that is over. */
  onDone: () => void;
}

/** What a request turned into, as far as it is known. */
interface Visit {
  record: AccessRecord;
  route: Route;
  started: number;
}

/** A listener: finds the rule of each request, does what it says and keeps the record. */
export class Listener implements DoorKeeper {
  readonly #args: ListenerArgs;
  readonly #routes: Route[];

  constructor(args: ListenerArgs) {
    this.#args = args;
    this.#routes = compileRoutes(args.listener);
  }

  onRequest(request: IncomingMessage, response: ServerResponse): void {
    const visit = this.#visit(request);
    if (visit === null) return answer(response, 503);
    response.on("close", () => {
      visit.record.status = response.headersSent ? response.statusCode : clientLeft;
      visit.record.elbMade = response.headersSent && visit.record.elbMade;
      this.#done(visit);
    });
    const { action } = visit.route;
    if (action.type === "fixed-response") {
      return answer(response, action.status, {
        body: action.body,
        contentType: action.contentType,
      });
    }
    if (action.type === "redirect") {
      const location = redirectLocation(action, request, this.#args.listener.port);
      return answer(response, action.status, { headers: { Location: location } });
    }
    const group = this.#choose(visit, action.groups);
    if (group === undefined) return answer(response, 503);
    const leave = group.take(this.#visitor(request), (backend) => {
      if (backend === null) return answer(response, this.#noTarget(group));
      this.#forward(visit, backend, request, response);
    });
    response.once("close", leave);
  }

  #forward(
    visit: Visit,
    backend: Backend,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    this.#chosen(visit, backend);
    const { loadBalancer, listener, meter } = this.#args;
    forward({
      request,
      response,
      backend,
      headers: requestHeaders(request, { loadBalancer, port: listener.port }),
      idleMs: loadBalancer.idleTimeoutSeconds * 1000,
      added: () => this.#session(visit, backend),
      onAnswer: (incoming, seconds) => this.#answered(visit, incoming, seconds),
      onConnectionError: () =>
        meter.count(loadBalancer.arn, visit.record.targetGroup, "TargetConnectionErrorCount"),
    });
  }

  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const visit = this.#visit(request);
    const action = visit?.route.action;
    const group =
      visit && action?.type === "forward" ? this.#choose(visit, action.groups) : undefined;
    const refuse = () => {
      socket.end(
        `HTTP/1.1 503 Service Unavailable\r\nServer: ${serverName}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      if (visit !== null) this.#done(visit);
    };
    if (visit === null || group === undefined) return refuse();
    const leave = group.take(this.#visitor(request), (backend) => {
      if (backend === null) return refuse();
      this.#tunnel(visit, backend, request, { socket, head });
    });
    socket.once("close", leave);
  }

  #tunnel(
    visit: Visit,
    backend: Backend,
    request: IncomingMessage,
    { socket, head }: { socket: Duplex; head: Buffer },
  ): void {
    this.#chosen(visit, backend);
    const { loadBalancer, listener } = this.#args;
    tunnel({
      request,
      socket,
      head,
      backend,
      headers: requestHeaders(request, { loadBalancer, port: listener.port, upgrade: true }),
      idleMs: loadBalancer.idleTimeoutSeconds * 1000,
      onEnd: ({ status, elbMade }) => {
        Object.assign(visit.record, { status, elbMade });
        this.#done(visit);
      },
    });
  }

  #visit(request: IncomingMessage): Visit | null {
    const url = request.url ?? "/";
    const seen = { url, headersDistinct: request.headersDistinct };
    const route = this.#routes.find((candidate) => candidate.matches(seen));
    if (route === undefined) return null;
    const record: AccessRecord = {
      at: Date.now(),
      milliseconds: 0,
      rule: route.rule,
      traffic: route.traffic,
      targetGroup: null,
      target: null,
      method: request.method ?? "",
      path: url.split("?", 1)[0] ?? url,
      status: 503,
      release: null,
      elbMade: true,
    };
    return { record, route, started: performance.now() };
  }

  #choose(visit: Visit, groups: { arn: string; weight: number }[]): BackendGroup | undefined {
    const arn = chooseGroup(groups, this.#args.random(visit.route.rule));
    const group = arn === null ? undefined : this.#args.groups.get(arn);
    if (group !== undefined) visit.record.targetGroup = group.config.arn;
    return group;
  }

  #visitor({ headers }: IncomingMessage): Visitor {
    return { session: sessionOf(headers.cookie), now: this.#args.now() };
  }

  #chosen({ record }: Visit, backend: Backend): void {
    record.target = backend.id;
    // Counted only when a target could be chosen (AWS, "CloudWatch metrics for your Application Load Balancer").
    this.#args.meter.count(this.#args.loadBalancer.arn, record.targetGroup, "RequestCount");
  }

  /** Whoever has waited in vain is told that there are too many. */
  #noTarget({ config }: BackendGroup): number {
    return config.admission === undefined ? 503 : 429;
  }

  /** Each response begins the session's time anew. */
  #session({ record }: Visit, backend: Backend): string[] {
    const group = this.#args.groups.get(record.targetGroup ?? "");
    const session = group?.sessionWith(backend, this.#args.now());
    return session ? sessionHeaders(session) : [];
  }

  #answered({ record }: Visit, incoming: IncomingMessage, seconds: number): void {
    const release = incoming.headers[releaseHeader];
    record.release = typeof release === "string" ? release : null;
    record.elbMade = false;
    const { meter, loadBalancer } = this.#args;
    const family = Math.floor((incoming.statusCode ?? 0) / 100);
    meter.count(loadBalancer.arn, record.targetGroup, `HTTPCode_Target_${family}XX_Count`);
    if (record.targetGroup !== null) {
      meter.responseTime(loadBalancer.arn, record.targetGroup, seconds);
    }
  }

  /** A revision of Cloud Run answers for what becomes of its requests, whoever has made the answer. */
  #countOwn({ targetGroup, status }: AccessRecord): void {
    const group = this.#args.groups.get(targetGroup ?? "");
    if (group?.config.admission === undefined) return;
    const { meter, loadBalancer } = this.#args;
    meter.count(loadBalancer.arn, targetGroup, `Own_${Math.floor(status / 100)}XX_Count`);
  }

  #done({ record, route, started }: Visit): void {
    record.milliseconds = performance.now() - started;
    const { meter, loadBalancer, log, onDone } = this.#args;
    if (record.elbMade && route.action.type === "forward") {
      const family = Math.floor(record.status / 100);
      meter.count(loadBalancer.arn, null, `HTTPCode_ELB_${family}XX_Count`);
      if (family === 5) meter.count(loadBalancer.arn, null, `HTTPCode_ELB_${record.status}_Count`);
      this.#countOwn(record);
    }
    log.add(record);
    onDone();
  }
}
