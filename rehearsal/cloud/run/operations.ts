import type { Ids } from "../ecs/ports.ts";
import type { GoogleError } from "../googleError.ts";
import { notFound, type Place } from "./names.ts";
import type { Operation } from "./resources.ts";

interface Running {
  operation: Operation;
  done: Promise<void>;
  finish: () => void;
}

/** Long-running operations: what a call answers with while its work goes on. */
export class Operations {
  readonly #operations = new Map<string, Running>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  begin({ project, location }: Place, metadata: object): Operation {
    const name = `projects/${project}/locations/${location}/operations/${this.#uuid()}`;
    const operation: Operation = { name, metadata };
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#operations.set(name, { operation, done: promise, finish: resolve });
    return operation;
  }

  succeed(operation: Operation, response: object): void {
    this.#end(operation, { response });
  }

  fail(operation: Operation, { rpcCode, message, details }: GoogleError): void {
    this.#end(operation, { error: { code: rpcCode, message, details } });
  }

  /** @throws GoogleError NOT_FOUND. */
  get(name: string): Operation {
    return this.#running(name).operation;
  }

  /**
   * Resolves when it is done.
   *
   * @throws GoogleError NOT_FOUND.
   */
  async done(name: string): Promise<void> {
    await this.#running(name).done;
  }

  #running(name: string): Running {
    const running = this.#operations.get(name);
    if (!running) throw notFound("Operation", name);
    return running;
  }

  #end(operation: Operation, result: Partial<Operation>): void {
    if (operation.done) return;
    Object.assign(operation, result, { done: true });
    this.#running(operation.name).finish();
  }

  #uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.#ids.hex(length)).join("-");
  }
}
