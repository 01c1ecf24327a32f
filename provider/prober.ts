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
  /** What counts instead where no such token can be had, in words. */
  instead: string;
}

/** Asks one URL again and again, as somebody whom its service lets in. */
export class Prober {
  readonly #args: ProberArgs;
  readonly #deps: ProberDeps;
  #isShutOut = false;

  constructor(args: ProberArgs, deps: ProberDeps) {
    this.#args = args;
    this.#deps = deps;
  }

  /** @returns undefined where nobody here is let in, which is announced once. */
  async ask(signal: AbortSignal): Promise<ProbeAnswer | undefined> {
    if (this.#isShutOut) return undefined;
    const { url, header, timeoutSeconds, audience } = this.#args;
    const { probe, identity, announce } = this.#deps;
    if (audience === undefined) return probe({ url, header, timeoutSeconds }, signal);
    try {
      if (!identity) throw new NoIdentity("this cloud gives no identity tokens");
      const token = await identity.tokenFor(audience, signal);
      return await probe({ url, header, timeoutSeconds, token }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NoIdentity)) return { error: messageOf(error) };
      this.#isShutOut = true;
      announce(`${messageOf(error)}; so ${this.#args.instead}`);
      return undefined;
    }
  }
}
