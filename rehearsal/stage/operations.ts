import type { Operation } from "../judge/facts.ts";
import type { OperatorReply } from "../operator/messages.ts";
import { liveRelease } from "./liveRelease.ts";
import type { World } from "./world.ts";

type Begun = Omit<Operation, "reply" | "liveAfter" | "stateAfter">;

/** The operations of one story, one at a time: begun, interrupted, ended, and told to the judge. */
export class Operations {
  readonly #world: World;
  readonly #eventCount: () => number;
  readonly #urlBefore: string | undefined;
  readonly #done: (Begun & { reply: OperatorReply })[] = [];
  #running: { begun: Begun; reply: Promise<OperatorReply> } | undefined;

  /** @param eventCount - how many events the story has seen. */
  constructor(world: World, eventCount: () => number) {
    this.#world = world;
    this.#eventCount = eventCount;
    this.#urlBefore = world.url;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Place of the first event since the last operation began. */
  get firstEvent(): number {
    return (this.#running?.begun ?? this.#done.at(-1))?.firstEvent ?? 0;
  }

  /** @throws when another one runs. */
  async begin(command: Operation["command"]): Promise<void> {
    if (this.#running) {
      throw new Error(`The story begins ${command} while ${this.#running.begun.command} runs.`);
    }
    const { state } = this.#world;
    const [liveBefore, { resources }] = await Promise.all([this.live(), state.export()]);
    const begun: Begun = {
      command,
      interrupted: null,
      begunAt: Date.now(),
      firstEvent: this.#eventCount(),
      liveBefore,
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
    if (begun.command === "destroy" && reply.ok) this.#world.url = undefined;
    if (typeof reply.outputs.url === "string") this.#world.url = reply.outputs.url;
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

  /** Release id that the public URL names, or named before it was taken away. */
  live(): Promise<string | null> {
    const url = this.#world.url ?? this.#urlBefore;
    return url === undefined ? Promise.resolve(null) : liveRelease(url);
  }

  /** All of them, as the judge wants them; at the story's end. */
  async told(): Promise<Operation[]> {
    const [liveAfter, { resources }] = await Promise.all([this.live(), this.#world.state.export()]);
    return this.#done.map((operation, index) => {
      const next = this.#done[index + 1];
      return {
        ...operation,
        liveAfter: next ? next.liveBefore : liveAfter,
        stateAfter: next ? next.stateBefore : resources,
      };
    });
  }
}
