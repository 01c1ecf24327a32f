import { systemClock } from "../provider/clock.ts";
import { runnerName } from "../provider/runnerName.ts";
import { chooseService } from "./chooseServices.ts";
import { goBack } from "./goBack.ts";
import { Pin } from "./pin.ts";
import { projectFolder } from "./projectFolder.ts";
import { Pulumi } from "./pulumi.ts";
import { readServices } from "./readServices.ts";
import { readRollbackOptions, rollbackHelp } from "./rollbackOptions.ts";
import type { Script } from "./runScript.ts";
import { withControl } from "./withControl.ts";

/** `npm run rollback`. */
export const rollbackCommand: Script = async (args, { print, cwd: started, env, signal }) => {
  const options = readRollbackOptions(args);
  if (options === "help") {
    print(rollbackHelp.trimEnd());
    return 0;
  }
  const { stack, to, up } = options;
  const cwd = projectFolder(options.cwd, started);
  const pulumi = new Pulumi({ cwd, stack, env, signal });
  const found = chooseService(await readServices(pulumi, env), options.service);
  const { service, history } = found;
  const pin = new Pin(pulumi, service);
  const by = runnerName(env);
  const known = { service, history, to, up, pulumi, pin, by, clock: systemClock, print, signal };
  return withControl(found, (control) => goBack({ ...known, control }));
};
