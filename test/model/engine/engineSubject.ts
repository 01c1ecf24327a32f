import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EcsControl } from "../../../provider/ecs/ecsControl.ts";
import { promotionToken } from "../../../provider/messages.ts";
import { type PromotionState, stateIn } from "../../../provider/promotionState.ts";
import type { Properties } from "../../../provider/properties.ts";
import type { OperatorReply } from "../../../rehearsal/operator/messages.ts";
import { goBack } from "../goBack.ts";
import type { Release } from "../model.ts";
import { watchFor } from "../moments.ts";
import type { Interrupt, Observed, Subject, UpResult } from "../subject.ts";
import { ask, Client } from "./client.ts";
import { deployByHand } from "./deployByHand.ts";
import { type EngineWorld, type EngineWorldArgs, openEngineWorld } from "./openEngineWorld.ts";
import { releaseFile } from "./platform.ts";
import { Watch } from "./watch.ts";

/** Cloud seconds in which whatever is stopping has stopped, and whatever is missing has come up. */
const restSeconds = 240;

const dockerfile = `FROM node:24-slim
WORKDIR /app
COPY ${releaseFile} ./
CMD ["node", "--version"]
`;

/** Shares of the live release, in percent, and numbers of tasks; nothing that scaling may keep. */
const shares = [50, 0, 90] as const;
const counts = [0, 5, 1] as const;

/** The real engine with the real program, in front of an emulated cloud. */
export class EngineSubject implements Subject {
  readonly #world: EngineWorld;
  readonly #watch: Watch;
  readonly #client: Client;
  readonly #heard: Set<(message: string) => void>;
  #url: string | undefined;
  #pinned: string | undefined;

  private constructor(world: EngineWorld, heard: Set<(message: string) => void>) {
    this.#world = world;
    this.#heard = heard;
    this.#watch = new Watch(world.cloud.journal, world.platforms);
    this.#client = new Client(() => this.#url, this.#watch.see);
  }

  static async open(args: Omit<EngineWorldArgs, "onProgress">): Promise<EngineSubject> {
    const heard = new Set<(message: string) => void>();
    const onProgress = (message: string) => {
      for (const listener of heard) listener(message);
    };
    return new EngineSubject(await openEngineWorld({ ...args, onProgress }), heard);
  }

  /** How many requests clients have sent. */
  get requests(): number {
    return this.#client.requests;
  }

  async configure(release: Release): Promise<void> {
    const context = join(this.#world.folder, `release-${release.name}`);
    await mkdir(context);
    await writeFile(join(context, "Dockerfile"), dockerfile);
    await writeFile(join(context, releaseFile), JSON.stringify(release));
    await this.#world.configuration.setService({ context });
  }

  async up(interrupt?: Interrupt): Promise<UpResult> {
    const { clock, cloud } = this.#world;
    let killing: Promise<void> | undefined;
    const moments = watchFor(interrupt, { clock, journal: cloud.journal }, () => {
      if (interrupt?.kind === "cancel") this.#world.machine.interrupt();
      else killing = this.#world.machine.kill();
    });
    this.#heard.add(moments.hear);
    const found = this.#findUrl();
    try {
      const reply = await this.#world.machine.run("up");
      if (killing) {
        await killing;
        this.#world.machine = await this.#world.machine.restarted();
      }
      const outcome = killing ? "killed" : reply.ok ? "ok" : "failed";
      const said = [reply.output, ...reply.errors].join("\n");
      return { outcome, changes: changesIn(reply), said };
    } finally {
      found.abort();
      moments.close();
      this.#heard.delete(moments.hear);
    }
  }

  async preview(): Promise<string[]> {
    return changesIn(await this.#world.machine.run("preview"));
  }

  async refresh(): Promise<void> {
    const { ok, errors } = await this.#world.machine.run("refresh");
    if (!ok) throw new Error(`refresh failed: ${errors.join("\n")}`);
  }

  async rollBack(): Promise<boolean> {
    const { cloud, clock, configuration } = this.#world;
    const { history } = await this.#memory();
    const address = await this.#address();
    if (!address) return false;
    const control = new EcsControl(address, cloud.ecs, async () => elbOf(cloud), clock);
    const release = await goBack(control, { stack: "ec2", history, pin: this.#pinned });
    if (release === undefined) return false;
    this.#pinned = release;
    await configuration.setService({ release });
    return true;
  }

  async unpin(): Promise<void> {
    this.#pinned = undefined;
    await this.#world.configuration.setService({ release: undefined });
  }

  async byHand(what: "deploy" | "weights" | "count", to: number, fresh: Release): Promise<void> {
    const { byHand } = this.#world.cloud;
    if (what === "deploy") {
      const address = await this.#address();
      if (address) await deployByHand(this.#world, address, fresh);
      return;
    }
    this.#watch.excused = true;
    if (what === "weights") await byHand.weights(shares[to] ?? 50);
    else await byHand.desiredCount(counts[to] ?? 0);
  }

  async rest(): Promise<void> {
    const { clock } = this.#world;
    while (await this.#isMoving()) await clock.sleep(10);
    await clock.sleep(restSeconds);
  }

  async observe(): Promise<Observed> {
    const { platforms } = this.#world;
    // What moves now may be at rest when everything else has been looked at.
    const moves = await this.#isMoving();
    const { history } = await this.#memory();
    const { release } = this.#url ? await ask(`${this.#url}/version`) : { release: undefined };
    return {
      serving: release && platforms.nameOf(release),
      tasks: platforms.running().map((id) => platforms.nameOf(id)),
      weights: await this.#weights(),
      history: history.map((record) => ({
        release: platforms.nameOf(record.release),
        verdict: record.verdict,
      })),
      moving: moves || (await this.#isMoving()),
    };
  }

  violations(): string[] {
    return this.#watch.violations;
  }

  async close(): Promise<void> {
    const { machine, cloud, platforms, processes } = this.#world;
    this.#client.close();
    await machine.close();
    platforms.close();
    const done = new AbortController();
    const late = new Promise((resolve) => setTimeout(resolve, 4000).unref());
    await Promise.race([cloud.close(), late]).finally(() => done.abort());
    await processes.close();
  }

  /** The public address is there before anything is live. */
  #findUrl(): AbortController {
    const found = new AbortController();
    const look = async () => {
      while (this.#url === undefined && !found.signal.aborted) {
        const { LoadBalancers = [] } = await this.#world.cloud.loadBalancing.describeLoadBalancers(
          {},
        );
        const name = LoadBalancers[0]?.DNSName;
        if (name !== undefined) this.#url = `http://${name}`;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    void look();
    return found;
  }

  async #memory(): Promise<PromotionState> {
    const { resources } = await this.#world.state.export();
    const promotion = resources.find(({ type }) => type === promotionToken);
    return stateIn((promotion?.outputs ?? {}) as Properties);
  }

  async #address(): Promise<{ cluster: string; service: string } | undefined> {
    const { resources } = await this.#world.state.export();
    const service = resources.find(({ type }) => type === "aws:ecs/service:Service");
    const { cluster, name } = service?.outputs ?? {};
    if (typeof cluster !== "string" || typeof name !== "string") return undefined;
    return { cluster, service: name };
  }

  async #service() {
    const address = await this.#address();
    if (!address) return undefined;
    const { cluster, service } = address;
    const { services } = await this.#world.cloud.ecs.describeServices({
      cluster,
      services: [service],
    });
    return services?.[0];
  }

  async #isMoving(): Promise<boolean> {
    return (await this.#service())?.currentServiceDeployment !== undefined;
  }

  async #weights(): Promise<number[]> {
    const [balancer] = (await this.#service())?.loadBalancers ?? [];
    const rule = balancer?.advancedConfiguration?.productionListenerRule;
    if (rule === undefined) return [];
    const { Rules } = await this.#world.cloud.loadBalancing.describeRules({ RuleArns: [rule] });
    const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return groups.map(({ Weight = 0 }) => Weight).toSorted((a, b) => b - a);
  }
}

/** What a runner that died has left to be cleared away: old images, tags and task definitions. */
const leftBehind =
  /^(docker:|random:index\/randomId:|pulumi:providers:docker|aws:ecs\/taskDefinition:)/;

function changesIn({ changes }: OperatorReply): string[] {
  const own = changes.filter(({ op, type }) => !(op.startsWith("delete") && leftBehind.test(type)));
  return own.map(({ op, urn, properties }) => `${op} ${urn.split("::").at(-1)} ${properties}`);
}

function elbOf({ loadBalancing }: EngineWorld["cloud"]) {
  return {
    describeRules: (input: Parameters<typeof loadBalancing.describeRules>[0]) =>
      loadBalancing.describeRules(input),
    describeTargetHealth: (input: Parameters<typeof loadBalancing.describeTargetHealth>[0]) =>
      loadBalancing.describeTargetHealth(input),
    modifyRule: (input: Parameters<typeof loadBalancing.modifyRule>[0]) =>
      loadBalancing.modifyRule(input),
  };
}
