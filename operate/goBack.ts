import type { Clock } from "../provider/clock.ts";
import type { ReleaseControl } from "../provider/releaseControl.ts";
import { CannotDo } from "./cannotDo.ts";
import type { Pin } from "./pin.ts";
import { planRollback, type RollbackPlan, type RollbackSituation } from "./planRollback.ts";
import type { Pulumi } from "./pulumi.ts";

export interface GoBackArgs extends Pick<RollbackSituation, "service" | "history" | "to"> {
  pulumi: Pulumi;
  control: ReleaseControl;
  /** Who goes back. */
  by: string;
  pin: Pin;
  /** Run `pulumi up` too, with these arguments; undefined: don't. */
  up: string[] | undefined;
  clock: Clock;
  print: (text: string) => void;
  signal: AbortSignal;
}

/** Minutes of cloud time that undoing a release may take before `pulumi up` is not waited for any more. */
const limitMinutes = 60;

/**
 * Goes back to an earlier release: undoes what is on its way, pins the release, and says or does what comes next.
 *
 * @returns the exit code: that of `pulumi up`, where it ran.
 * @throws CannotDo when there is no such release.
 */
export async function goBack(args: GoBackArgs): Promise<number> {
  const { pulumi, control, pin, print, signal, service } = args;
  const { stack } = pulumi;
  const status = await control.status(signal);
  const plan = planRollback({ ...args, stack, status, pin: await pin.read() });
  if (plan.undo !== undefined) {
    await control.abortNow(args.by, signal);
    print(
      `Release ${plan.undo} of ${service} is being undone: production traffic goes back to release ${status.live?.release ?? "none"}.`,
    );
  }
  if (plan.refusal !== undefined) throw new CannotDo(plan.refusal);
  if (!plan.isPinned) await pin.write(plan.release);
  print(describePin(plan, pin, stack));
  const ups = args.up !== undefined && plan.is !== "onItsWay";
  print(ups ? forward(pin, stack) : `${next(plan, stack)}\n${forward(pin, stack)}`);
  if (!ups) return 0;
  if (plan.undo !== undefined) await waitUntilOver(args);
  return pulumi.attended("up", ...refreshAfter(plan), ...(args.up ?? []));
}

/** What was undone stands in the state as what the service was told last. A refresh finds out what is live. */
function refreshAfter({ undo }: RollbackPlan): string[] {
  return undo === undefined ? [] : ["--refresh"];
}

function describePin({ release, isPinned }: RollbackPlan, { path }: Pin, stack: string): string {
  const already = isPinned ? " already; nothing is changed" : "";
  return `Release ${release} is pinned${already}: ${path} in the configuration of stack ${stack}.`;
}

function next(plan: RollbackPlan, stack: string): string {
  const { is, release, undo } = plan;
  const up = ["pulumi up", ...refreshAfter(plan), `--stack ${stack}`].join(" ");
  if (is === "onItsWay") return `It is on its way: npm run release -- ${stack} status`;
  if (undo !== undefined) return `Next, when the pulumi up that brought ${undo} has ended: ${up}`;
  return is === "live" ? "It is live." : `Next, to bring release ${release} back: ${up}`;
}

function forward({ removal }: Pin, stack: string): string {
  return `Forward again, later: ${removal} && pulumi up --stack ${stack}`;
}

/** Until then the engine that brought the release has the stack's lock. */
async function waitUntilOver({ control, clock, print, signal, service }: GoBackArgs) {
  const end = clock.now() + limitMinutes * 60_000;
  print("Waiting until it is undone, and its pulumi up has ended.");
  for (;;) {
    const { candidate, runner } = await control.status(signal);
    if (!candidate && !runner) return;
    if (clock.now() >= end) {
      throw new CannotDo(
        `${service} is not undone after ${limitMinutes} min${runner ? `; ${runner.by} still follows it` : ""}. Run pulumi up when it is.`,
      );
    }
    await clock.sleep(5, signal);
  }
}
