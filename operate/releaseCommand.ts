import type { ReleaseStatus } from "../provider/releaseControl.ts";
import { runnerName } from "../provider/runnerName.ts";
import { chooseService, chooseServices } from "./chooseServices.ts";
import { abort } from "./commands/abort.ts";
import type { Command } from "./commands/command.ts";
import { pause } from "./commands/pause.ts";
import { promote } from "./commands/promote.ts";
import { resume } from "./commands/resume.ts";
import { projectFolder } from "./projectFolder.ts";
import { Pulumi } from "./pulumi.ts";
import { readServices, type Service } from "./readServices.ts";
import {
  type ReleaseOptions,
  readReleaseOptions,
  releaseHelp,
  type Verb,
} from "./releaseOptions.ts";
import { renderHistory } from "./renderHistory.ts";
import { renderStatus } from "./renderStatus.ts";
import type { Script, Surroundings } from "./runScript.ts";
import { withControl } from "./withControl.ts";

type Changing = Exclude<Verb, "status" | "history">;

const commands: Record<Changing, Command> = { pause, resume, promote, abort };

/** `npm run release`. */
export const releaseCommand: Script = async (args, around) => {
  const options = readReleaseOptions(args);
  if (options === "help") {
    around.print(releaseHelp.trimEnd());
    return 0;
  }
  const { stack, verb, service } = options;
  const cwd = projectFolder(options.cwd, around.cwd);
  const { env, signal } = around;
  const services = await readServices(new Pulumi({ cwd, stack, env, signal }), env);
  if (verb === "status" || verb === "history") {
    const chosen = chooseServices(services, service);
    await (verb === "status" ? tellStatus : tellHistory)(chosen, options, around);
  } else {
    await carryOut(verb, chooseService(services, service), options, around);
  }
  return 0;
};

async function tellStatus(
  services: Service[],
  { stack, json }: ReleaseOptions,
  { print, signal }: Surroundings,
): Promise<void> {
  const found: (ReleaseStatus & { service: string })[] = await Promise.all(
    services.map(async (service) => ({
      service: service.service,
      ...(await withControl(service, (control) => control.status(signal))),
    })),
  );
  if (json) return print(JSON.stringify({ stack, services: found }, undefined, 2));
  print(
    found.map(({ service, ...status }) => renderStatus(service, status)).join("\n\n") ||
      none(stack),
  );
}

async function tellHistory(
  services: Service[],
  { stack, json }: ReleaseOptions,
  { print }: Surroundings,
): Promise<void> {
  const found = services.map(({ service, history }) => ({ service, history }));
  if (json) return print(JSON.stringify({ stack, services: found }, undefined, 2));
  const tables = found.map(({ service, history }) => renderHistory(service, history));
  print(tables.join("\n\n") || none(stack));
}

function none(stack: string): string {
  return `Stack ${stack} has no service yet; pulumi up deploys.`;
}

async function carryOut(
  verb: Changing,
  service: Service,
  { stack, json }: ReleaseOptions,
  { print, signal, env }: Surroundings,
): Promise<void> {
  const common = { stack, service: service.service, strategy: service.strategy };
  const message = await withControl(service, (control) =>
    commands[verb]({ ...common, control, by: runnerName(env), signal }),
  );
  const answer = { stack, service: service.service, command: verb, message };
  print(json ? JSON.stringify(answer, undefined, 2) : message);
}
