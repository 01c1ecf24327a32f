import { isIPv4 } from "node:net";
import type {
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import type { Journal } from "../journal.ts";
import type { ElbWorld, TargetGroupRecord, TargetRecord } from "./elbWorld.ts";
import { invalid, within } from "./errors.ts";
import type { TargetReport } from "./wire.ts";

/** Private ranges that a target of type `ip` may come from (ELBv2: CreateTargetGroupInput.TargetType). */
const privateAddress =
  /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/**
 * Registers targets; one that is registered already stays as it is, one that is draining starts anew.
 *
 * @throws AwsError InvalidTarget, TargetGroupNotFound or ValidationError; then none is registered.
 */
export function registerTargets(
  world: ElbWorld,
  arn: string | undefined,
  targets: TargetDescription[] | undefined,
): void {
  const group = world.targetGroup(arn);
  if (!targets?.length) throw invalid("At least one target must be specified");
  const checked = targets.map((target) => {
    const ip = target.Id ?? "";
    if (!isIPv4(ip)) {
      throw new AwsError("InvalidTarget", `The IP address '${ip}' is not a valid IPv4 address`);
    }
    if (!privateAddress.test(ip)) {
      throw new AwsError("InvalidTarget", `The IP address '${ip}' is not within a private range`);
    }
    return { ip, port: within("Port", portOf(group, target), 1, 65_535) };
  });
  const inUse = world.loadBalancerOf(group.arn) !== null;
  for (const { ip, port } of checked) {
    const existing = group.targets.get(`${ip}:${port}`);
    if (existing?.registered) continue;
    group.targets.set(`${ip}:${port}`, {
      ip,
      port,
      registration: (existing?.registration ?? 0) + 1,
      registered: true,
      state: inUse ? "initial" : "unused",
      reason: inUse ? "Elb.RegistrationInProgress" : "Target.NotInUse",
      description: inUse ? "Target registration is in progress" : "Target group is not in use",
    });
  }
}

/**
 * Deregisters targets; one that is not registered is no error (ELBv2: DeregisterTargets).
 *
 * @throws AwsError TargetGroupNotFound.
 */
export function deregisterTargets(
  world: ElbWorld,
  arn: string | undefined,
  targets: TargetDescription[] | undefined,
): void {
  const group = world.targetGroup(arn);
  for (const target of targets ?? []) {
    const record = group.targets.get(`${target.Id}:${portOf(group, target)}`);
    if (record) record.registered = false;
  }
}

/** @throws AwsError TargetGroupNotFound. */
export function describeTargetHealth(
  world: ElbWorld,
  arn: string | undefined,
  asked: TargetDescription[] | undefined,
): TargetHealthDescription[] {
  const group = world.targetGroup(arn);
  if (!asked?.length) return [...group.targets.values()].map(described);
  return asked.map((target) => {
    const port = portOf(group, target);
    const record = group.targets.get(`${target.Id}:${port}`);
    if (record) return described(record);
    return {
      Target: { Id: target.Id, Port: port },
      TargetHealth: {
        State: "unused",
        Reason: "Target.NotRegistered",
        Description: "Target is not registered to the target group",
      },
    };
  });
}

/** Takes over what the proxy reports of a target, and records it. */
export function targetChanged(world: ElbWorld, journal: Journal, report: TargetReport): void {
  const group = world.targetGroups.get(report.targetGroup);
  const record = group?.targets.get(report.target);
  if (!group || !record) return;
  const { state, reason, description, registration } = report;
  const gone = reason === "Target.NotRegistered";
  const event = { kind: "target", targetGroup: group.name, target: report.target } as const;
  if (gone) journal.record({ ...event, state: "gone" });
  else if (state !== "unused") journal.record({ ...event, state });
  // The target may have been registered again while this registration was still draining.
  if (record.registration !== registration) return;
  if (gone) group.targets.delete(report.target);
  else Object.assign(record, { state, reason, description });
}

function portOf(group: TargetGroupRecord, target: TargetDescription): number {
  return target.Port ?? group.description.Port ?? 80;
}

function described(record: TargetRecord): TargetHealthDescription {
  const health: TargetHealth = { State: record.state };
  if (record.reason) {
    // The codes come from this folder's own health checks.
    health.Reason = record.reason as TargetHealth["Reason"];
    health.Description = record.description;
  }
  return {
    Target: { Id: record.ip, Port: record.port },
    HealthCheckPort: String(record.port),
    TargetHealth: health,
  };
}
