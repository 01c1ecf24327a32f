import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TargetCheck } from "../healthChecks.ts";
import type { ListenerPriorities } from "./listenerPriorities.ts";
import type { Tags } from "./tags.ts";

export interface ServiceTrafficArgs {
  vpcId: pulumi.Input<string>;
  listenerArn: pulumi.Input<string>;
  /** Public path prefix, `/` or without a slash at its end. */
  path: string;
  priorities: ListenerPriorities;
  check: TargetCheck;
  /** Seconds that a deregistered target may go on with what it has in hand. */
  deregistrationDelaySeconds: pulumi.Input<number>;
  /**
   * Seconds for which a client comes back to the same task; 0: never mind which one.
   *
   * The cookie is the target group's own. A cookie of the rule would hold clients in the group they
   * came to first, so on the live release for as long as it lasts, whatever the weights say.
   */
  stickySessionSeconds: number;
  tags: Tags;
}

/** Header that leads a request to the candidate, when its value is right. */
const testHeaderName = "x-symphainy-test";

/**
 * Two target groups, and the two rules that ECS moves between them: production, and test for who
 * knows the secret.
 *
 * The groups are called `a` and `b` because neither is the live one for longer than a release.
 */
export class ServiceTraffic extends pulumi.ComponentResource {
  readonly groups: { a: aws.lb.TargetGroup; b: aws.lb.TargetGroup };
  readonly productionRule: aws.lb.ListenerRule;
  readonly testRule: aws.lb.ListenerRule;
  /** Header of the test rule; the value is secret. */
  readonly testHeader: { name: string; value: pulumi.Output<string> };

  constructor(name: string, args: ServiceTrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:ServiceTraffic", name, {}, opts);
    this.groups = {
      a: createGroup(this, `${name}-a`, args),
      b: createGroup(this, `${name}-b`, args),
    };

    // Letters and digits only: an ALB reads * and ? in a header condition as wildcards.
    const secret = new random.RandomPassword(
      `${name}-test`,
      { length: 40, special: false },
      { parent: this },
    );
    const value = pulumi.secret(secret.result);
    this.testHeader = { name: testHeaderName, value };

    const below = { pathPattern: { values: pathPatterns(args.path) } };
    const marked = { httpHeader: { httpHeaderName: testHeaderName, values: [value] } };
    this.productionRule = createRule(this, `${name}-production`, args, {
      priority: args.priorities.production,
      conditions: [below],
    });
    this.testRule = createRule(this, `${name}-test`, args, {
      priority: args.priorities.test,
      conditions: [below, marked],
    });
    this.registerOutputs({
      targetGroupArns: [this.groups.a.arn, this.groups.b.arn],
      productionRuleArn: this.productionRule.arn,
      testRuleArn: this.testRule.arn,
    });
  }
}

function createGroup(
  parent: ServiceTraffic,
  name: string,
  args: ServiceTrafficArgs,
): aws.lb.TargetGroup {
  const { check } = args;
  return new aws.lb.TargetGroup(
    name,
    {
      targetType: "ip",
      vpcId: args.vpcId,
      protocol: "HTTP",
      // Only a default that ECS overrides with the container's port; a group can't change it and be
      // in use.
      port: 80,
      deregistrationDelay: args.deregistrationDelaySeconds,
      stickiness: {
        type: "lb_cookie",
        enabled: args.stickySessionSeconds > 0,
        ...(args.stickySessionSeconds > 0 && { cookieDuration: args.stickySessionSeconds }),
      },
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: check.path,
        matcher: "200",
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
      tags: { ...args.tags },
    },
    { parent },
  );
}

function createRule(
  parent: ServiceTraffic,
  name: string,
  args: ServiceTrafficArgs,
  rule: Pick<aws.lb.ListenerRuleArgs, "priority" | "conditions">,
): aws.lb.ListenerRule {
  const { a, b } = parent.groups;
  return new aws.lb.ListenerRule(
    name,
    {
      listenerArn: args.listenerArn,
      ...rule,
      actions: [
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: a.arn, weight: 100 },
              { arn: b.arn, weight: 0 },
            ],
          },
        },
      ],
      tags: { ...args.tags },
    },
    // ECS moves the weights. They are ignored as a whole: ignoring a nested weight turns 0 into 1.
    { parent, ignoreChanges: ["actions"] },
  );
}

function pathPatterns(path: string): string[] {
  return path === "/" ? ["/*"] : [path, `${path}/*`];
}
