import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { Action, TargetGroupTuple } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TrafficPort } from "./ports.ts";
import { RollbackError } from "./rollbackError.ts";

/** Which target group is whose in one deployment, and the rules that lead to them. */
export interface Routing {
  /** Group of the release that is live; on the first deployment the primary one, without tasks. */
  live: string;
  candidate: string;
  productionRule: string;
  testRule: string | undefined;
  /** The rules' actions as the deployment found them. */
  before: { production: Action[]; test: Action[] };
}

/**
 * Decides where the candidate goes, and looks whether the rules allow a shift at all.
 *
 * @param liveGroup - group of the source revision; undefined on the first deployment, whose candidate goes to the
 *   alternate group.
 * @throws RollbackError with ECS's own text, when the rules do not fit.
 */
export async function openRouting(
  loadBalancing: TrafficPort,
  { targetGroupArn: primary = "", advancedConfiguration = {} }: LoadBalancer,
  liveGroup: string | undefined,
): Promise<Routing> {
  const { alternateTargetGroupArn: alternate = "" } = advancedConfiguration;
  const { productionListenerRule = "", testListenerRule } = advancedConfiguration;
  const production = await actionsOf(loadBalancing, productionListenerRule);
  const test = testListenerRule ? await actionsOf(loadBalancing, testListenerRule) : [];
  checkForwardOnly(productionListenerRule, production);
  const groups = groupsOf(production);
  const known = new Set([...groups, ...groupsOf(test)].map((group) => group.TargetGroupArn));
  for (const group of [primary, alternate]) {
    if (known.has(group)) continue;
    throw invalidNetworking(
      `: Target group ${group} is not associated with either productionListenerRule or testListenerRule.`,
    );
  }
  const listed = groups.map((group) => group.TargetGroupArn);
  if (!listed.includes(primary) || !listed.includes(alternate)) {
    throw invalidNetworking(
      ". Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or " +
        "testListenerRule.",
    );
  }
  const serving = groups.filter((group) => (group.Weight ?? 1) > 0);
  const foreign = serving.find(
    ({ TargetGroupArn }) => TargetGroupArn !== primary && TargetGroupArn !== alternate,
  );
  if (foreign) {
    throw invalidNetworking(
      `. Production listener rule is forwarding traffic to unexpected target group ${foreign.TargetGroupArn}. ` +
        `Expected traffic to be forwarded to either targetGroupArn: ${primary} or alternateTargetGroupArn: ${alternate}`,
    );
  }
  if (serving.length !== 1) {
    throw invalidNetworking(
      `. productionListenerRule ${productionListenerRule} should have exactly one target group serving traffic ` +
        `but found ${serving.length} target groups which are serving traffic`,
    );
  }
  const live = liveGroup === primary || liveGroup === alternate ? liveGroup : undefined;
  return {
    live: live ?? primary,
    candidate: live === alternate ? primary : alternate,
    productionRule: productionListenerRule,
    testRule: testListenerRule,
    before: { production, test },
  };
}

/** Where a rolling deployment's tasks go: to those that they replace, and at first to the primary group. */
export function groupInUse(
  { targetGroupArn, advancedConfiguration }: LoadBalancer,
  liveGroup: string | undefined,
): string | undefined {
  const alternate = advancedConfiguration?.alternateTargetGroupArn;
  return liveGroup !== undefined && liveGroup === alternate ? alternate : targetGroupArn;
}

/** Gives the candidate all test traffic. */
export async function shiftTest(loadBalancing: TrafficPort, routing: Routing): Promise<void> {
  const { testRule, before } = routing;
  if (testRule) await setWeights(loadBalancing, testRule, before.test, routing, 100);
}

/** Gives the candidate `percent` of the production traffic. */
export async function shiftProduction(
  loadBalancing: TrafficPort,
  routing: Routing,
  percent: number,
): Promise<void> {
  const { productionRule, before } = routing;
  await setWeights(loadBalancing, productionRule, before.production, routing, percent);
}

/** Puts the production rule back as the deployment found it. */
export async function revertProduction(
  loadBalancing: TrafficPort,
  routing: Routing,
): Promise<void> {
  const { productionRule, before } = routing;
  await loadBalancing.modifyRule({ RuleArn: productionRule, Actions: before.production });
}

/** Puts the test rule back as the deployment found it. */
export async function revertTest(loadBalancing: TrafficPort, routing: Routing): Promise<void> {
  const { testRule, before } = routing;
  if (testRule) await loadBalancing.modifyRule({ RuleArn: testRule, Actions: before.test });
}

async function setWeights(
  loadBalancing: TrafficPort,
  rule: string,
  before: Action[],
  { live, candidate }: Routing,
  percent: number,
): Promise<void> {
  // Weights are whole numbers, percentages go down to tenths.
  const factor = Number.isInteger(percent) ? 1 : 10;
  const stickiness = before.find((action) => action.Type === "forward")?.ForwardConfig
    ?.TargetGroupStickinessConfig;
  const Actions: Action[] = [
    {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: live, Weight: Math.round((100 - percent) * factor) },
          { TargetGroupArn: candidate, Weight: Math.round(percent * factor) },
        ],
        ...(stickiness ? { TargetGroupStickinessConfig: stickiness } : {}),
      },
    },
  ];
  await loadBalancing.modifyRule({ RuleArn: rule, Actions });
}

/** ECS replaces a rule's actions by one that forwards; whatever else it does would be lost. */
function checkForwardOnly(rule: string, actions: Action[]): void {
  const other = actions.find(({ Type }) => Type !== "forward");
  if (!other) return;
  throw invalidNetworking(`. Listener rule ${rule} may only forward, but has ${other.Type}`);
}

async function actionsOf(loadBalancing: TrafficPort, rule: string): Promise<Action[]> {
  try {
    const { Rules = [] } = await loadBalancing.describeRules({ RuleArns: [rule] });
    if (Rules[0]) return Rules[0].Actions ?? [];
  } catch {
    // Said below, in ECS's words.
  }
  throw invalidNetworking(". One or more rules not found");
}

function groupsOf(actions: Action[]): TargetGroupTuple[] {
  return actions.flatMap(
    ({ ForwardConfig, TargetGroupArn }) =>
      ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn, Weight: 1 }] : []),
  );
}

function invalidNetworking(text: string): RollbackError {
  return new RollbackError(
    `Service deployment rolled back because of invalid networking configuration${text}`,
  );
}
