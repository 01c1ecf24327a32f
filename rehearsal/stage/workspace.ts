import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Place } from "../cloud/emulatedCloud.ts";

/** Where the program lives: the folder with `Pulumi.yaml`. */
export const projectRoot = join(import.meta.dirname, "..", "..");

interface ProjectFile {
  name: string;
  main?: string;
  plugins?: unknown;
  config?: Record<string, { default?: unknown } | undefined>;
}

type StackFile = { config?: Record<string, unknown>; [key: string]: unknown };

/**
 * The folder in which the operator runs `pulumi`: the project's own `Pulumi.yaml` and stack config, copied, so that
 * a rehearsal never writes into the project.
 */
export class Workspace {
  readonly folder: string;
  readonly stackName: string;
  readonly #stackFile: string;
  readonly #project: string;
  readonly #defaults: Record<string, unknown>;

  private constructor(folder: string, stackName: string, project: ProjectFile) {
    this.folder = folder;
    this.stackName = stackName;
    this.#stackFile = join(folder, `Pulumi.${stackName}.yaml`);
    this.#project = project.name;
    const defaults = Object.entries(project.config ?? {}).flatMap(([key, schema]) =>
      schema?.default === undefined ? [] : [[key, schema.default] as const],
    );
    this.#defaults = Object.fromEntries(defaults);
  }

  /** Makes the folder from the project's files of `stackName`. */
  static async make(folder: string, stackName: string): Promise<Workspace> {
    await mkdir(folder, { recursive: true });
    const project: ProjectFile = parse(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8"));
    // The program is handed to the engine by the Automation API and the provider is attached.
    delete project.main;
    delete project.plugins;
    await writeFile(join(folder, "Pulumi.yaml"), stringify(project));
    const stackFile = `Pulumi.${stackName}.yaml`;
    await cp(join(projectRoot, stackFile), join(folder, stackFile));
    return new Workspace(folder, stackName, project);
  }

  /** Sets config values over the stack's own, or takes those away that are undefined; keys without a namespace are the project's. */
  async configure(values: Record<string, unknown>): Promise<void> {
    const file = await this.#read();
    const config = { ...file.config };
    for (const [name, value] of Object.entries(values)) {
      const key = name.includes(":") ? name : `${this.#project}:${name}`;
      if (value === undefined) delete config[key];
      else config[key] = value;
    }
    await writeFile(this.#stackFile, stringify({ ...file, config }));
  }

  /** Sets the project's own keys to these values and takes all others of them away. */
  async replaceSettings(values: Record<string, unknown>): Promise<void> {
    const gone = Object.keys(await this.ownSettings()).map((key) => [key, undefined] as const);
    await this.configure({ ...Object.fromEntries(gone), ...values });
  }

  /**
   * Where the stack is deployed to.
   *
   * @param keys - of the configuration that say it.
   * @throws Error that names the first key which is missing.
   */
  async place({ region, account }: Readonly<Place>): Promise<Place> {
    const { config } = await this.#read();
    const value = (key: string): string => {
      const said = config?.[key];
      if (typeof said === "string") return said;
      throw new Error(`${this.#stackFile} does not say ${key}.`);
    };
    return {
      region: value(region),
      ...(account !== undefined && { account: value(account) }),
    };
  }

  /** The stack's services: its own, or else the project's default. */
  async services(): Promise<Record<string, Record<string, unknown>>> {
    return (await this.settings()).services as Record<string, Record<string, unknown>>;
  }

  /** The project's own keys, without their namespace: the stack's, or else the project's default. */
  async settings(): Promise<Record<string, unknown>> {
    return { ...this.#defaults, ...(await this.ownSettings()) };
  }

  /** The project's own keys as the stack's file has them, without the project's defaults. */
  async ownSettings(): Promise<Record<string, unknown>> {
    const prefix = `${this.#project}:`;
    const own = Object.entries((await this.#read()).config ?? {}).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    );
    return Object.fromEntries(own);
  }

  /** The same settings in another folder. */
  async copy(folder: string): Promise<Workspace> {
    const copy = await Workspace.make(folder, this.stackName);
    await cp(this.#stackFile, copy.#stackFile);
    return copy;
  }

  /** The stack's config with the project's defaults, as the engine hands it to a program: texts by full key. */
  async engineConfig(): Promise<Record<string, string>> {
    const own = Object.entries(await this.settings()).map(([key, value]) => [
      `${this.#project}:${key}`,
      value,
    ]);
    const all = { ...(await this.#read()).config, ...Object.fromEntries(own) };
    return Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  async #read(): Promise<StackFile> {
    return (parse(await readFile(this.#stackFile, "utf8")) ?? {}) as StackFile;
  }
}
