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
    const released = (before.services ?? {}) as Services;
    for (const service of Object.keys(await this.#workspace.services())) {
      const context = released[service]?.context;
      if (context !== undefined) await this.setService({ context }, service);
    }
    return !isDeepStrictEqual(before, await this.#workspace.ownSettings());
  }

  /** Sets keys as a whole; undefined takes one away. */
  async set(values: SettingValues): Promise<void> {
    await this.#workspace.configure(values);
  }

  /**
   * Sets values of a service; undefined takes one away.
   *
   * @param service - its name. @default the first one
   */
  async setService(values: SettingValues, service?: string): Promise<void> {
    const services = await this.#workspace.services();
    const [first = "platform"] = Object.keys(services);
    const name = service ?? first;
    await this.set({ services: { ...services, [name]: { ...services[name], ...values } } });
  }

  /** @param service - whose release it is. @default the first one */
  async setRelease(release: Release, service?: string): Promise<void> {
    await this.setService({ ...release.service, context: release.context }, service);
  }
}
