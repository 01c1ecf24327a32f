import * as pulumi from "@pulumi/pulumi";
import { type PinnedRelease, pinnedRelease } from "../components/pinnedRelease.ts";
import { type RecordedPromotion, recordedPromotions } from "../components/recordedPromotions.ts";
import type { PromotionRecord } from "../provider/messages.ts";
import { recordedReleases } from "../provider/recordedReleases.ts";
import { describeProblem, type Problem, SettingsError } from "../settings/problems.ts";
import type { ServiceSettings } from "../settings.ts";

/** By service name: what the services that are held at a release are held at. */
export type Pins = ReadonlyMap<string, PinnedRelease>;

/** What has to be known of a service's promotion. */
type Recorded = Pick<RecordedPromotion, "history">;

/**
 * Looks up the releases that services are held at; asks for nothing when none is.
 *
 * @param read - Default: what the stack's own state says.
 * @throws SettingsError that names the releases there are, before anything is created.
 */
export async function resolvePins(
  services: readonly Pick<ServiceSettings, "name" | "release">[],
  read: () => Promise<ReadonlyMap<string, Recorded>> = recordedPromotions,
): Promise<Pins> {
  const held = services.flatMap(({ name, release }) =>
    release === undefined ? [] : [{ name, release }],
  );
  const pins = new Map<string, PinnedRelease>();
  if (held.length === 0) return pins;
  const recorded = await read();
  const problems: Problem[] = [];
  for (const { name, release } of held) {
    const { history = [] } = recorded.get(name) ?? {};
    const pin = pinnedRelease(release, history);
    if (pin === undefined) problems.push(notRecorded(name, release, history));
    else pins.set(name, pin);
  }
  if (problems.length > 0) {
    throw new SettingsError(pulumi.getStack(), problems.map(describeProblem));
  }
  return pins;
}

function notRecorded(
  service: string,
  release: string,
  history: readonly PromotionRecord[],
): Problem {
  const known = recordedReleases(history).map(
    (record) => `${record.release} (live since ${record.endedAt})`,
  );
  return {
    keys: [["services", service, "release"]],
    finding: `is "${release}", of which no record says that it was ever live`,
    allowed: known.length === 0 ? "nothing yet, as no release is recorded" : known.join(", "),
    mend:
      known.length === 0
        ? "Remove the key."
        : "Write one of them, or remove the key to release what the settings say.",
  };
}
