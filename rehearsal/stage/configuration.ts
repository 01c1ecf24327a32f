import { isDeepStrictEqual } from "node:util";
import type { Release, SettingValues } from "../stories/play.ts";
import type { Workspace } from "./workspace.ts";

type Services = Record<string, Record<string, unknown>>;

/** What the stack of a workspace is configured to: its own settings, a story's over them, and a release. */
export class Configuration {
  readonly #workspace: Workspace;
  readonly #own: SettingValues;

  private constructor(workspace: Workspace, own: SettingValues) {
    this.#workspace = workspace;
    this.#own = own;
  }

  /** @param workspace - as the stack's own file has it; that is what {@link begin} goes back to. */
  static async of(workspace: Workspace): Promise<Configuration> {
    return new Configuration(workspace, await workspace.ownSettings());
  }

  /**
   * Goes back to the stack's own settings with a story's over them; the release stays.
   *
   * @returns whether that changes anything.
   */
  async begin(story: SettingValues = {}): Promise<boolean> {
    const before = await this.#workspace.ownSettings();
    await this.#workspace.replaceSettings({ ...this.#own, ...story });
    const context = contextOf(before.services as Services | undefined);
    if (context !== undefined) await this.setService({ context });
    return !isDeepStrictEqual(before, await this.#workspace.ownSettings());
  }

  /** Sets keys as a whole; undefined takes one away. */
  async set(values: SettingValues): Promise<void> {
    await this.#workspace.configure(values);
  }

  /** Sets values of the first service; undefined takes one away. */
  async setService(values: SettingValues): Promise<void> {
    const services = await this.#workspace.services();
    const [first = "platform"] = Object.keys(services);
    await this.set({ services: { ...services, [first]: { ...services[first], ...values } } });
  }

  async setRelease({ context, service }: Release): Promise<void> {
    await this.setService({ ...service, context });
  }
}

function contextOf(services: Services = {}): unknown {
  return Object.values(services)[0]?.context;
}
