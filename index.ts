import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./settings.ts";
import { createTarget } from "./targets/index.ts";

/**
 * The program: settings choose a target, the target releases every service, the outputs say what is
 * live.
 */
export default async function program() {
  const target = await createTarget(pulumi.getProject(), readSettings());
  return { url: target.url, services: target.services };
}
