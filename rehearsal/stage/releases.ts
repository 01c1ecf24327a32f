import { appendFile, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The releases that stories deploy: copies of the platform, each changed in its source as a developer would.
 *
 * - `A`, `B`, `C`, `D`: good ones that differ in a line.
 * - `broken`: two of its five services raise when they are imported, so that 60 % of it is healthy, for ever.
 */
export type ReleaseName = "A" | "B" | "C" | "D" | "broken";

/** Services of the reference platform that a broken release breaks; two of five. */
const brokenServices = ["insurance_data.py", "vehicle_data.py"];

/** Makes the build context of a release below `folder` and returns its path. */
export async function releaseContext(
  name: ReleaseName,
  { platform, folder }: { platform: string; folder: string },
): Promise<string> {
  const context = join(folder, `release-${name}`);
  await cp(platform, context, {
    recursive: true,
    filter: (path) => !/__pycache__|\.pytest_cache/.test(path),
  });
  const source = join(context, "symphainy-platform");
  await appendFile(join(source, "main.py"), `\n# Release ${name}.\n`);
  if (name === "broken") {
    for (const file of brokenServices) {
      await writeFile(
        join(source, "services", file),
        'raise RuntimeError("this service was broken on purpose by the rehearsal")\n',
      );
    }
  }
  return context;
}
