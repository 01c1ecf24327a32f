import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { Pulumi } from "../../../operate/pulumi.ts";
import {
  type PromotionInputs,
  type PromotionOutputs,
  promotionToken,
} from "../../../provider/messages.ts";
import { engineEnvironment, enginePath } from "../../support/engineStack.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** A stack `ec2` of this project on the real engine, in a folder of its own, as an operator finds it. */
export interface OperatedStack {
  /** The project's folder. */
  folder: string;
  /** The folder that holds the engine. */
  bin: string;
  env: Record<string, string>;
  pulumi: Pulumi;
  /** The stack's file. */
  settings(): string;
  /** Writes the stack's file; what the engine keeps in it stays. */
  configure(yaml: string): void;
  /** Makes these resources the stack's state. */
  hold(resources: object[]): Promise<void>;
  /** Runs one of the commands as `npm run` does. */
  run(script: "release" | "rollback", ...args: string[]): Promise<Ended>;
  dispose(): void;
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** @param settings - the stack's file. Default: that of the project. */
export async function operatedStack(settings?: string): Promise<OperatedStack> {
  const home = mkdtempSync(path.join(tmpdir(), "symphainy-operate-"));
  const folder = path.join(home, "project");
  for (const name of ["project", "state", "bin"]) mkdirSync(path.join(home, name));
  symlinkSync(enginePath(), path.join(home, "bin", "pulumi"));
  // Programs are handed to the engine by the Automation API, and the provider is attached.
  const {
    main: _main,
    plugins: _plugins,
    ...project
  } = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify(project));
  const file = path.join(folder, "Pulumi.ec2.yaml");
  const env = {
    PATH: [path.join(home, "bin"), process.env.PATH].join(path.delimiter),
    HOME: home,
    AWS_ACCESS_KEY_ID: "made-up",
    AWS_SECRET_ACCESS_KEY: "made-up",
    ...engineEnvironment(home, {}),
  };
  const configure = (yaml: string) => {
    const salt = /^encryptionsalt:.*$/m.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    writeFileSync(file, `${yaml.trimEnd()}\n${salt}\n`);
  };
  const signal = new AbortController().signal;
  const pulumi = new Pulumi({ cwd: folder, stack: "ec2", env, signal });
  writeFileSync(file, "");
  await promisify(execFile)("pulumi", ["stack", "init", "ec2", "--non-interactive"], {
    cwd: folder,
    env,
  });
  configure(settings ?? readFileSync(path.join(root, "Pulumi.ec2.yaml"), "utf8"));
  return {
    folder,
    bin: path.join(home, "bin"),
    env,
    pulumi,
    configure,
    settings: () => readFileSync(file, "utf8").replace(/^encryptionsalt:.*\n/m, ""),
    hold: async (resources) => {
      const deployment = {
        manifest: { time: new Date(0), magic: "", version: "" },
        resources,
      };
      const state = path.join(home, "state.json");
      writeFileSync(state, JSON.stringify({ version: 3, deployment }));
      await pulumi.run("stack", "import", "--force", "--file", state);
    },
    run: (script, ...args) => run(path.join(root, "operate", `${script}.ts`), args, folder, env),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}

function run(
  script: string,
  args: string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env });
    const ended: Ended = { code: null, out: "", err: "" };
    child.stdout.on("data", (data: Buffer) => (ended.out += data.toString()));
    child.stderr.on("data", (data: Buffer) => (ended.err += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

const stackUrn = "urn:pulumi:ec2::symphainy::pulumi:pulumi:Stack::symphainy-ec2";
const providerUrn = "urn:pulumi:ec2::symphainy::pulumi:providers:rollout::default";

/** The resources that a stack with one promotion has in its state, as far as the commands look. */
export function stateOf(inputs: PromotionInputs, outputs: Partial<PromotionOutputs>): object[] {
  return [...rootResources, promotionResource(inputs, { ...inputs, ...outputs })];
}

export const rootResources: object[] = [
  { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" },
  { urn: providerUrn, custom: true, id: "one", type: "pulumi:providers:rollout" },
];

export function promotionResource(inputs: object, outputs?: object): object {
  return {
    urn: `urn:pulumi:ec2::symphainy::symphainy:index:Rollout$${promotionToken}::platform`,
    custom: true,
    id: "platform",
    type: promotionToken,
    provider: `${providerUrn}::one`,
    parent: stackUrn,
    inputs,
    ...(outputs && { outputs }),
  };
}

/** The ECS service, before any promotion of it has begun. */
export function ecsServiceResource(cluster: string, name = "platform-1234567"): object {
  return {
    urn: "urn:pulumi:ec2::symphainy::symphainy:aws:EcsService$aws:ecs/service:Service::platform",
    custom: true,
    id: `${cluster}/${name}`,
    type: "aws:ecs/service:Service",
    provider: `${providerUrn}::one`,
    parent: stackUrn,
    inputs: {},
    outputs: { cluster, name },
  };
}

/** The pipeline of a service that Cloud Deploy delivers. */
export function deliveryPipelineResource(outputs: object): object {
  const type = "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline";
  return {
    urn: `urn:pulumi:ec2::symphainy::symphainy:gcp:DeliveryPipeline$${type}::platform`,
    custom: true,
    id: "projects/p/locations/europe-west1/deliveryPipelines/platform",
    type,
    provider: `${providerUrn}::one`,
    parent: stackUrn,
    inputs: {},
    outputs,
  };
}
