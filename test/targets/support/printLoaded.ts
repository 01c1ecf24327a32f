import { registerHooks } from "node:module";
import type { ServiceSettings, Settings } from "../../../settings.ts";

/** Creates the target that its argument names, and prints the names of the packages that were loaded. */
const packages = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});
const { record } = await import("../../support/mocks.ts");
const { cloudRunService, cloudRunSettings, ec2Settings, fargateSettings, service } = await import(
  "../../support/settings.ts"
);
const settings: Record<string, (...services: ServiceSettings[]) => Settings> = {
  ec2: ec2Settings,
  fargate: fargateSettings,
  cloudrun: cloudRunSettings,
};
const [target = ""] = process.argv.slice(2);
const own = target === "cloudrun" ? cloudRunService() : service();
const chosen = settings[target]?.(own);
if (chosen === undefined) throw new Error(`there is no target ${target}`);
await record(async () => {
  const { createTarget } = await import("../../../targets/index.ts");
  return createTarget("symphainy", chosen);
});
process.stdout.write(JSON.stringify([...packages]));
