import type { Settings } from "../settings.ts";
import type { Target } from "./target.ts";

/**
 * Creates the target that the settings ask for. Its module is loaded only now: the others' clouds
 * stay on the disk.
 */
export async function createTarget(name: string, settings: Settings): Promise<Target> {
  switch (settings.target) {
    case "ec2": {
      const { Ec2Target } = await import("./ec2.ts");
      return new Ec2Target(name, settings);
    }
  }
}
