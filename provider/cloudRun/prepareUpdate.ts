import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { GcpConnection } from "../messages.ts";
import { livingRunner, RunnerRefused } from "../runnerLease.ts";
import { CloudRunStanding, unfinishedIn } from "./cloudRunStanding.ts";
import type { PromotionNote } from "./promotionNote.ts";
import { type RunApi, type RunService, shortName } from "./runApi.ts";
import { ServiceNotes } from "./serviceNotes.ts";
import { busiest, nameShares, servingShares } from "./traffic.ts";
import { withRunApi } from "./withRunApi.ts";

export interface PrepareUpdateArgs {
  connection: GcpConnection;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  service: string;
  /** What the state knows. @default nothing, so anything may be live */
  expected?: ExpectedStanding;
  /** Told what is put back. */
  announce?: (message: string) => void;
  /** @default Google's own time */
  clock?: Clock;
}

/** What a stack's state says of a service. */
export interface ExpectedStanding {
  /** Short name of the revision that is live. */
  revision: string;
  /** What a refresh has found to be changed by hand; only that may be put back. @default nothing */
  drift?: readonly string[];
  /** Whether Cloud Deploy has brought it live, so that how its traffic is written is not this program's. @default false */
  delivered?: boolean;
}

/** What the preparation of one update works with. */
export interface PrepareUpdateDeps {
  api: RunApi;
  clock: Clock;
  /** Seconds between two looks. */
  pollSeconds: number;
}

/**
 * Clears the way for an update of a service, which says anew where its traffic goes: nobody else may be at it, what a
 * promotion without a runner has left is put back, and nothing may have been changed by hand but what a refresh has
 * shown, which is put back, too.
 *
 * A service that does not exist, or has never had anything live, is as it should be.
 *
 * @returns the annotations that the service has when the way is clear.
 * @throws CheckFailed `deployment`, when another runner follows the service, by its name and start; `drift`, when the
 *   traffic or the live revision are not what the last promotion left, with the mend.
 */
export async function prepareUpdate(args: PrepareUpdateArgs): Promise<RunService["annotations"]> {
  const pollSeconds = args.clock ? 5 : 1;
  return withRunApi(args.connection, args.clock, (api, clock) =>
    clearTheWay(args, { api, clock, pollSeconds }),
  );
}

export async function clearTheWay(
  args: Pick<PrepareUpdateArgs, "service" | "expected" | "announce">,
  deps: PrepareUpdateDeps,
): Promise<RunService["annotations"]> {
  const standing = new CloudRunStanding(args.service, deps.api, deps.clock, deps.pollSeconds);
  await clear(standing, args, deps);
  return (await standing.read())?.annotations ?? {};
}

async function clear(
  standing: CloudRunStanding,
  args: Pick<PrepareUpdateArgs, "service" | "expected" | "announce">,
  { api, clock, pollSeconds }: PrepareUpdateDeps,
): Promise<void> {
  const { service: name, expected, announce = () => {} } = args;
  const service = await standing.read();
  if (!service) return;
  const notes = new ServiceNotes(api, name, clock);
  const runner = await livingRunner({ notes, clock, pollSeconds });
  if (runner) throw new RunnerRefused(shortName(name), runner);
  const signal = new AbortController().signal;
  const unfinished = unfinishedIn(service, undefined);
  if (unfinished) {
    const live = expected?.revision ?? unfinished.from;
    announce(describeUnfinished(unfinished, live));
    return standing.putBack(live, signal);
  }
  if (!expected) return;
  refuseStranger(name, service, expected);
  if (expected.delivered) return;
  const drift = standing.driftOf(service, expected.revision, unfinished);
  const unseen = drift.filter((text) => !expected.drift?.includes(text));
  if (unseen.length > 0) throw new CheckFailed("drift", unseen.join("; "));
  if (drift.length === 0) return;
  for (const text of drift) announce(`changed by hand, and put back: ${text}`);
  await standing.putBack(expected.revision, signal);
}

/** @throws CheckFailed when something else is live: the update would take its traffic unseen. */
function refuseStranger(
  name: string,
  service: RunService,
  { revision, delivered }: ExpectedStanding,
): void {
  const live = busiest(service, true);
  const shares = service.serving.filter(({ percent }) => percent > 0);
  if (delivered && (live !== revision || shares.length > 1)) {
    const is = nameShares(servingShares(service));
    throw new CheckFailed(
      "drift",
      `traffic of ${shortName(name)}: is ${is}, should be ${revision} 100 %, as Cloud Deploy was seen to leave it; let its release end, then "pulumi refresh" and "pulumi up"`,
    );
  }
  if (live === undefined || live === revision || shares.length > 1) return;
  throw new CheckFailed(
    "drift",
    `live revision of ${shortName(name)}: is ${live}, should be ${revision} by the last promotion; "pulumi up --refresh" takes it as it is and goes on from there`,
  );
}

function describeUnfinished(
  { release, revision, since }: PromotionNote,
  live: string | undefined,
): string {
  const back = live === undefined ? "nothing was live before" : `${live} gets its traffic back`;
  return `the promotion of release ${release} (${revision}), begun at ${since}, is undone first: nobody follows it; ${back}`;
}
