import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { AwsConnection } from "../messages.ts";
import { Patience } from "../patience.ts";
import { livingRunner, RunnerRefused } from "../runnerLease.ts";
import { ecsClient, loadBalancingClient } from "./awsClients.ts";
import { ClusterTags } from "./clusterTags.ts";
import { arnOf, Deployments, goesForward } from "./deployments.ts";
import { type EcsApi, nameOf, type ServiceAddress } from "./ecsApi.ts";
import type { ElbApi, ElbConnection } from "./elbApi.ts";
import { ruleOf } from "./revisionTraffic.ts";
import { rollBackInFlight } from "./rollBackInFlight.ts";
import { serverClock } from "./serverClock.ts";
import { ServiceStanding } from "./serviceStanding.ts";

export interface PrepareUpdateArgs {
  connection: AwsConnection;
  /** Name or ARN. */
  cluster: string;
  /** Name or ARN. */
  service: string;
  /** @default AWS's own time */
  clock?: Clock;
  /** What the state knows. @default nothing, so anything may be live */
  expected?: ExpectedStanding;
  /** The limits of the service's scaling. @default unknown, so that no number of tasks counts as changed by hand */
  tasks?: { min: number; max: number };
  /** Told what is put back. */
  announce?: (message: string) => void;
}

/** What a stack's state says of a service. */
export interface ExpectedStanding {
  /** What is live: ARN of its task definition. */
  revision: string;
  /**
   * What the last update has the service run, live or not: a runner that dies past the last checkpoint leaves nobody
   * to tell that it is. @default the same
   */
  tried?: string;
  /** What a refresh has found to be changed by hand; only that may be put back. @default nothing */
  drift?: readonly string[];
}

/** What the preparation of one update works with. */
export interface PrepareUpdateDeps {
  api: EcsApi;
  elb: ElbConnection;
  clock: Clock;
  /** Seconds between two looks. */
  pollSeconds: number;
}

/** For how long a new deployment may have nobody who follows it: its runner is between its update and its claim. */
const orphanSeconds = 60;

/**
 * Clears the way for an update of a service, which is a deployment: nobody else may be at it, nothing may be in
 * flight, and nothing may have been changed by hand but what a refresh has shown, which is put back.
 *
 * A service that does not exist, or has never had anything live, is as it should be.
 *
 * @throws CheckFailed `deployment`, when another runner follows the service, by its name and start; `drift`, when
 *   traffic, tasks or the live release are not what the last promotion left, with the mend.
 */
export async function prepareUpdate(args: PrepareUpdateArgs): Promise<void> {
  const client = await ecsClient(args.connection);
  let elb: (ElbApi & { destroy(): void }) | undefined;
  const connect = async () => (elb ??= await loadBalancingClient(args.connection));
  const clock = args.clock ?? serverClock(client);
  try {
    const patience = new Patience(clock, "AWS");
    const deps = {
      api: patience.wrap(client),
      elb: async () => patience.wrap(await connect()),
      clock,
      pollSeconds: args.clock ? 5 : 1,
    };
    await clearTheWay(args, deps);
  } finally {
    client.destroy();
    elb?.destroy();
  }
}

type StandingArgs = Pick<PrepareUpdateArgs, "expected" | "tasks" | "announce">;

export async function clearTheWay(
  { cluster, service, ...args }: ServiceAddress & StandingArgs,
  deps: PrepareUpdateDeps,
): Promise<void> {
  const address = { cluster, service };
  await awaitNobody(address, deps);
  const { api, clock, pollSeconds } = deps;
  await nameInFlight(address, args, deps);
  await rollBackInFlight(api, address, clock, new AbortController().signal, pollSeconds);
  await settleDrift(address, args, deps);
}

/** Returns when no living runner follows the service and none can be about to. */
async function awaitNobody(address: ServiceAddress, deps: PrepareUpdateDeps): Promise<void> {
  const { api, clock, pollSeconds } = deps;
  const deployments = new Deployments(api, address);
  const notes = new ClusterTags(api, address);
  for (const start = clock.now(); ; ) {
    const runner = await livingRunner({ notes, clock, pollSeconds });
    if (runner) throw new RunnerRefused(nameOf(address.service), runner);
    const [newest] = (await deployments.inFlight()).filter(goesForward);
    const age = clock.now() - (newest?.createdAt?.getTime() ?? 0);
    // The second is for a clock that stands still, or runs behind AWS's.
    if (!newest || age >= orphanSeconds * 1000) return;
    if (clock.now() >= start + 2 * orphanSeconds * 1000) return;
    await clock.sleep(pollSeconds);
  }
}

/** What somebody has deployed is not undone unseen. */
async function nameInFlight(
  address: ServiceAddress,
  { announce = () => {} }: StandingArgs,
  { api }: PrepareUpdateDeps,
): Promise<void> {
  const deployments = new Deployments(api, address);
  for (const deployment of await deployments.inFlight()) {
    const what = await deployments.taskDefinitionOf(deployment.targetServiceRevision?.arn);
    const text = `deployment ${arnOf(deployment)} of ${what ?? "an unknown task definition"}`;
    announce(
      goesForward(deployment)
        ? `${text} is undone first: nobody follows it`
        : `${text} is being undone, and waited for`,
    );
  }
}

/** What a refresh has shown is put back, what it has not is refused. */
async function settleDrift(
  address: ServiceAddress,
  { expected, tasks, announce = () => {} }: StandingArgs,
  { api, elb }: PrepareUpdateDeps,
): Promise<void> {
  const live = await new Deployments(api, address).settledRevision();
  if (!live) return;
  const name = nameOf(address.service);
  const { taskDefinition } = live;
  const ours = [expected?.revision, expected?.tried];
  if (expected && taskDefinition !== undefined && !ours.includes(taskDefinition)) {
    throw new CheckFailed(
      "drift",
      `live release of ${name}: is ${taskDefinition}, should be ${expected.revision} by the last promotion; "pulumi up --refresh" takes it as it is and goes on from there`,
    );
  }
  const productionRule = ruleOf(live);
  if (productionRule === undefined) return;
  const limits = tasks ?? { min: 0, max: Number.POSITIVE_INFINITY };
  const standing = new ServiceStanding({ address, productionRule, tasks: limits }, api, elb);
  const drift = (await standing.drift()).map(({ text }) => text);
  // A state that knows nothing of the promotion has nothing to show it with.
  const unseen = expected ? drift.filter((text) => !expected.drift?.includes(text)) : [];
  if (unseen.length > 0) throw new CheckFailed("drift", unseen.join("; "));
  if (drift.length === 0) return;
  for (const text of drift) announce(`changed by hand, and put back: ${text}`);
  await standing.repair();
}
