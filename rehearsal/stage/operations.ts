import type { Lives, Operation } from "../judge/facts.ts";
import type { OperatorReply } from "../operator/messages.ts";
import { liveRelease } from "./liveRelease.ts";
import type { World } from "./world.ts";

type Begun = Omit<
  Operation,
  "reply" | "liveBefore" | "liveAfter" | "livesBefore" | "livesAfter" | "stateAfter"
> & { lives: Lives };

/** The operations of one story, one at a time: begun, interrupted, ended, and told to the judge. */
export class Operations {
  readonly #world: World;
  readonly #eventCount: () => number;
  /** Where services were when the story began: after a destroy they are asked there, and answer nothing. */
  readonly #urlsBefore: Readonly<Record<string, string>>;
  readonly #done: (Begun & { reply: OperatorReply })[] = [];
  #running: { begun: Begun; reply: Promise<OperatorReply> } | undefined;

  /** @param eventCount - how many events the story has seen. */
  constructor(world: World, eventCount: () => number) {
    this.#world = world;
    this.#eventCount = eventCount;
    this.#urlsBefore = world.serviceUrls;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Place of the first event since the last operation began. */
  get firstEvent(): number {
    return (this.#running?.begun ?? this.#done.at(-1))?.firstEvent ?? 0;
  }

  /**
   * @param service - the only one whose release is another. @default any may have one
   * @throws when another one runs.
   */
  async begin(command: Operation["command"], service?: string): Promise<void> {
    if (this.#running) {
      throw new Error(`The story begins ${command} while ${this.#running.begun.command} runs.`);
    }
    const { state } = this.#world;
    const [lives, { resources }] = await Promise.all([this.lives(), state.export()]);
    const begun: Begun = {
      command,
      ...(service !== undefined && { service }),
      interrupted: null,
      begunAt: Date.now(),
      firstEvent: this.#eventCount(),
      lives,
      stateBefore: resources,
    };
    this.#world.atRest = false;
    const reply = this.#world.operate(command);
    // Whoever waits for it is told; until then nobody is.
    reply.catch(() => {});
    this.#running = { begun, reply };
  }

  async ended(): Promise<OperatorReply> {
    const running = this.#running;
    if (!running) {
      const last = this.#done.at(-1);
      if (last) return last.reply;
      throw new Error("The story waits for the end of an operation, and none has begun.");
    }
    const { begun } = running;
    const reply = await running.reply;
    if (this.#running !== running) return reply;
    this.#running = undefined;
    this.#done.push({ ...begun, reply });
    if (begun.command === "destroy" && reply.ok) this.#remember({});
    if (reply.ok && begun.command === "up") this.#remember(reply.outputs);
    this.#world.atRest = reply.ok && begun.command === "up";
    return reply;
  }

  /** One SIGINT. */
  cancel(): void {
    if (!this.#running) throw new Error("The story cancels an operation, and none is running.");
    this.#running.begun.interrupted = "cancelled";
    this.#world.machine.interrupt();
  }

  async kill(): Promise<OperatorReply> {
    if (!this.#running) throw new Error("The story kills an operation's machine, and none runs.");
    this.#running.begun.interrupted = "killed";
    await this.#world.replaceMachine();
    return this.ended();
  }

  /**
   * Release id that the public URL of each service names, or named before it was taken away; that of the first one
   * comes first.
   */
  async lives(): Promise<Lives> {
    const { parts } = this.#world;
    const serviceUrls = { ...this.#urlsBefore, ...this.#world.serviceUrls };
    const lives = Object.keys(await parts.workspace.services()).map(async (name) => {
      const url = serviceUrls[name];
      return [name, url === undefined ? null : await liveRelease(url)] as const;
    });
    return Object.fromEntries(await Promise.all(lives));
  }

  /** That of the first service. */
  async live(): Promise<string | null> {
    return firstOf(await this.lives());
  }

  /** All of them, as the judge wants them; at the story's end. */
  async told(): Promise<Operation[]> {
    const [lives, { resources }] = await Promise.all([this.lives(), this.#world.state.export()]);
    return this.#done.map(({ lives: livesBefore, ...operation }, index) => {
      const next = this.#done[index + 1];
      const livesAfter = next ? next.lives : lives;
      return {
        ...operation,
        liveBefore: firstOf(livesBefore),
        liveAfter: firstOf(livesAfter),
        livesBefore,
        livesAfter,
        stateAfter: next ? next.stateBefore : resources,
      };
    });
  }

  /** @param outputs - of a stack after an operation that ended well. */
  #remember({ url, services }: OperatorReply["outputs"]): void {
    this.#world.url = typeof url === "string" ? url : undefined;
    this.#world.serviceUrls = urlsIn(services);
  }
}

/** By service; what the program says of each is an object with its `url`. */
function urlsIn(services: unknown): Record<string, string> {
  const said = Object.entries((services ?? {}) as Record<string, { url?: unknown } | undefined>);
  return Object.fromEntries(
    said.flatMap(([name, service]) =>
      typeof service?.url === "string" ? [[name, service.url]] : [],
    ),
  );
}

function firstOf(lives: Lives): string | null {
  return Object.values(lives)[0] ?? null;
}
