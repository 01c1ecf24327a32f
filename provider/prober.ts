import { type IdentityTokens, NoIdentity } from "./identityTokens.ts";
import { messageOf } from "./messageOf.ts";
import type { Probe, ProbeAnswer, ProbeRequest } from "./probe.ts";

export interface ProberDeps {
  probe: Probe;
  identity?: IdentityTokens | undefined;
  /** Tells the user what has been decided, in a line that stays. */
  announce: (message: string) => void;
}

export interface ProberArgs extends Omit<ProbeRequest, "token"> {
  /** Of the identity token that the service asks for. @default it asks for none */
  audience?: string | undefined;
  /** Where requests have to come from, in words. @default anywhere */
  onlyFrom?: string | undefined;
  /** What counts instead where no such token can be had, in words. */
  instead: string;
}

/** What Google answers to those outside, as if nothing were there. */
const refused = 404;

/** Asks one URL again and again, as somebody whom its service lets in. */
export class Prober {
  readonly #args: ProberArgs;
  readonly #deps: ProberDeps;
  #isShutOut = false;
  /** Somebody who is let in has heard from the platform itself. */
  #isIn = false;

  constructor(args: ProberArgs, deps: ProberDeps) {
    this.#args = args;
    this.#deps = deps;
  }

  /** @returns undefined where nobody here is let in, which is announced once. */
  async ask(signal: AbortSignal): Promise<ProbeAnswer | undefined> {
    if (this.#isShutOut) return undefined;
    const { url, onlyFrom } = this.#args;
    try {
      const answer = await this.#probe(signal);
      this.#isIn ||= answer.release !== undefined;
      if (onlyFrom === undefined || this.#isIn || answer.status !== refused) return answer;
      return this.#shutOut(
        `${url} lets in only requests from ${onlyFrom}, and answers HTTP ${refused} here`,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NoIdentity)) return { error: messageOf(error) };
      return this.#shutOut(messageOf(error));
    }
  }

  async #probe(signal: AbortSignal): Promise<ProbeAnswer> {
    const { url, header, timeoutSeconds, audience } = this.#args;
    const { probe, identity } = this.#deps;
    if (audience === undefined) return probe({ url, header, timeoutSeconds }, signal);
    if (!identity) throw new NoIdentity("this cloud gives no identity tokens");
    const token = await identity.tokenFor(audience, signal);
    return probe({ url, header, timeoutSeconds, token }, signal);
  }

  #shutOut(reason: string): undefined {
    this.#isShutOut = true;
    this.#deps.announce(`${reason}; so ${this.#args.instead}`);
  }
}
