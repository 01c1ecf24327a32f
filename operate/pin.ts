import { isDeepStrictEqual } from "node:util";
import { CannotDo } from "./cannotDo.ts";
import type { Pulumi } from "./pulumi.ts";

/** Where the settings keep the services. */
const key = "symphainy:services";

type ServiceSettings = Record<string, Record<string, unknown> | undefined>;

/** The pin of one service in a stack's configuration: the release that it is held at, whatever else is configured. */
export class Pin {
  readonly #pulumi: Pulumi;
  readonly #service: string;

  constructor(pulumi: Pulumi, service: string) {
    this.#pulumi = pulumi;
    this.#service = service;
  }

  /** Its key in the configuration. */
  get path(): string {
    return `${key}.${this.#service}.release`;
  }

  /** The command that takes the pin off. */
  get removal(): string {
    return `pulumi config rm --path ${this.path} --stack ${this.#pulumi.stack}`;
  }

  /**
   * @returns undefined when there is none.
   * @throws CannotDo when the configuration has no such service.
   */
  async read(): Promise<string | undefined> {
    const { release } = ownOf(await this.#services(), this.#service);
    if (release === undefined || typeof release === "string") return release;
    // A number in the file is none in the settings either, and is put right by the next pin.
    return JSON.stringify(release);
  }

  async write(release: string): Promise<void> {
    const services = await this.#services();
    const own = ownOf(services, this.#service);
    if (!isDeepStrictEqual(services, await this.#projectDefault())) {
      // The type is said: digits alone would be written as a number, and lose it as soon as one has an e in it.
      await this.#pulumi.run("config", "set", "--path", this.path, release, "--type", "string");
      return;
    }
    // A stack's own value replaces the project's default as a whole, so the default has to come along.
    const pinned = { ...services, [this.#service]: { ...own, release } };
    const entry = { value: JSON.stringify(pinned), objectValue: pinned, secret: false };
    await this.#pulumi.run("config", "set-all", "--json", JSON.stringify({ [key]: entry }));
  }

  /** What holds for the stack: its own, or the project's default. */
  async #services(): Promise<ServiceSettings> {
    return servicesIn(await this.#pulumi.json("config", "get", key, "--json"));
  }

  /** What would hold for a stack that has no file. */
  async #projectDefault(): Promise<ServiceSettings | undefined> {
    try {
      const none = ["--config-file", "there-is-no-such-file.yaml"];
      return servicesIn(await this.#pulumi.json("config", "get", key, "--json", ...none));
    } catch (error) {
      if (error instanceof CannotDo && /not found/.test(error.message)) return undefined;
      throw error;
    }
  }
}

function servicesIn(printed: unknown): ServiceSettings {
  const { objectValue, secret } = printed as { objectValue?: ServiceSettings; secret?: boolean };
  if (secret === true) {
    throw new CannotDo(`${key} is secret; nothing in it may be. Write it without --secret.`);
  }
  if (objectValue !== undefined) return objectValue;
  throw new CannotDo(`${key} is no map of services by name.`);
}

function ownOf(services: ServiceSettings, service: string): Record<string, unknown> {
  const own = services[service];
  if (typeof own === "object" && own !== null) return own;
  throw new CannotDo(
    `${key} has no ${service} any more, so its release can't be pinned. It has ${Object.keys(services).join(", ")}.`,
  );
}
