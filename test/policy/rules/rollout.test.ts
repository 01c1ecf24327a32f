import { expect } from "chai";
import {
  rolloutCircuitBreaker,
  rolloutDeregistrationDelay,
  rolloutDetection,
  rolloutGated,
  rolloutHealthCheck,
  rolloutKeepsRevisions,
  rolloutNoGroupStickiness,
  rolloutNoSigintRollback,
  rolloutPauseUndoes,
  rolloutStepsJudged,
  rolloutStopTimeout,
  rolloutTestRule,
  rolloutWatched,
  rolloutWeightsOwned,
} from "../../../policy/rules/rollout.ts";
import { judge } from "../support/judge.ts";

const serviceType = "aws:ecs/service:Service";
const groupType = "aws:lb/targetGroup:TargetGroup";
const ruleType = "aws:lb/listenerRule:ListenerRule";
const taskType = "aws:ecs/taskDefinition:TaskDefinition";

const pause = (stage: string, action = "ROLLBACK") => ({
  targetType: "PAUSE",
  lifecycleStages: [stage],
  timeoutConfiguration: { timeoutInMinutes: "30", action },
});
const deployment = {
  strategy: "BLUE_GREEN",
  lifecycleHooks: [pause("POST_TEST_TRAFFIC_SHIFT"), pause("POST_PRODUCTION_TRAFFIC_SHIFT")],
};
const service = {
  deploymentConfiguration: deployment,
  loadBalancers: [
    {
      containerName: "platform",
      advancedConfiguration: {
        alternateTargetGroupArn: "b",
        productionListenerRule: "p",
        testListenerRule: "t",
      },
    },
  ],
};
const health = {
  enabled: true,
  path: "/health",
  matcher: "200",
  interval: 5,
  timeout: 2,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

describe("rollout rules", () => {
  describe("an ECS service", () => {
    const rules = [
      rolloutCircuitBreaker,
      rolloutPauseUndoes,
      rolloutGated,
      rolloutStepsJudged,
      rolloutWatched,
      rolloutTestRule,
      rolloutNoSigintRollback,
    ];
    it("that is gated and undoes itself is fine", async () => {
      for (const rule of rules) expect(await judge(rule, serviceType, service)).to.deep.equal([]);
    });
    it("that rolls with a circuit breaker is fine", async () => {
      const rolling = { deploymentCircuitBreaker: { enable: true, rollback: true } };
      for (const rule of rules) expect(await judge(rule, serviceType, rolling)).to.deep.equal([]);
    });
    for (const deploymentCircuitBreaker of [
      undefined,
      { enable: false, rollback: true },
      { enable: true, rollback: false },
    ]) {
      it(`must not roll with the circuit breaker ${JSON.stringify(deploymentCircuitBreaker)}`, async () => {
        const props = {
          deploymentConfiguration: { strategy: "ROLLING" },
          deploymentCircuitBreaker,
        };
        expect(await judge(rolloutCircuitBreaker, serviceType, props)).to.have.length(1);
      });
    }
    it("must not go on when a pause times out", async () => {
      const lifecycleHooks = [
        pause("POST_TEST_TRAFFIC_SHIFT"),
        pause("POST_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE"),
      ];
      const props = { deploymentConfiguration: { ...deployment, lifecycleHooks } };
      expect(await judge(rolloutPauseUndoes, serviceType, props)).to.deep.equal([
        "The time-out action of the pause at POST_PRODUCTION_TRAFFIC_SHIFT is CONTINUE; it must be ROLLBACK.",
      ]);
    });
    it("must state what happens when a pause times out", async () => {
      const { timeoutConfiguration: _, ...hook } = pause("POST_TEST_TRAFFIC_SHIFT");
      const props = { deploymentConfiguration: { ...deployment, lifecycleHooks: [hook] } };
      const [action] = await judge(rolloutPauseUndoes, serviceType, props);
      expect(action).to.include("is not set; it must be ROLLBACK");
    });
    it("must not leave a release paused for a day", async () => {
      const timeoutConfiguration = { action: "ROLLBACK" };
      const hook = { ...pause("POST_TEST_TRAFFIC_SHIFT"), timeoutConfiguration };
      const props = { deploymentConfiguration: { ...deployment, lifecycleHooks: [hook] } };
      expect(await judge(rolloutPauseUndoes, serviceType, props)).to.deep.equal([
        "A time-out of the pause at POST_TEST_TRAFFIC_SHIFT is not set: ECS waits a day.",
      ]);
    });
    it("must have a hook before production", async () => {
      const lifecycleHooks = [pause("POST_PRODUCTION_TRAFFIC_SHIFT")];
      const props = { deploymentConfiguration: { ...deployment, lifecycleHooks } };
      expect(await judge(rolloutGated, serviceType, props)).to.have.length(1);
    });
    it("may have its hook right before production", async () => {
      const lifecycleHooks = [pause("PRE_PRODUCTION_TRAFFIC_SHIFT")];
      const props = { deploymentConfiguration: { strategy: "CANARY", lifecycleHooks } };
      expect(await judge(rolloutGated, serviceType, props)).to.deep.equal([]);
    });
    for (const strategy of ["CANARY", "LINEAR"]) {
      it(`must be looked at before each step of ${strategy}`, async () => {
        const fine = [
          pause("PRE_PRODUCTION_TRAFFIC_SHIFT"),
          pause("POST_PRODUCTION_TRAFFIC_SHIFT"),
        ];
        for (const rule of [rolloutGated, rolloutStepsJudged, rolloutWatched]) {
          const props = { deploymentConfiguration: { strategy, lifecycleHooks: fine } };
          expect(await judge(rule, serviceType, props)).to.deep.equal([]);
        }
        const props = { deploymentConfiguration: { ...deployment, strategy } };
        expect(await judge(rolloutStepsJudged, serviceType, props)).to.deep.equal([
          `A ${strategy} deployment goes from step to step without being looked at.`,
        ]);
      });
    }
    it("must be looked at with all traffic", async () => {
      const lifecycleHooks = [pause("POST_TEST_TRAFFIC_SHIFT")];
      const props = { deploymentConfiguration: { ...deployment, lifecycleHooks } };
      expect(await judge(rolloutWatched, serviceType, props)).to.have.length(1);
    });
    it("must have two target groups", async () => {
      const props = { ...service, loadBalancers: [{ containerName: "platform" }] };
      expect(await judge(rolloutTestRule, serviceType, props)).to.have.length(1);
    });
    it("must have a test rule", async () => {
      const advancedConfiguration = { alternateTargetGroupArn: "b", productionListenerRule: "p" };
      const props = { ...service, loadBalancers: [{ containerName: "x", advancedConfiguration }] };
      expect(await judge(rolloutTestRule, serviceType, props)).to.have.length(1);
    });
    it("must not be undone by Ctrl-C", async () => {
      const props = { ...service, sigintRollback: true };
      expect(await judge(rolloutNoSigintRollback, serviceType, props)).to.have.length(1);
    });
  });

  describe("a listener rule", () => {
    const actions = (...arns: string[]) => ({
      actions: [{ type: "forward", forward: { targetGroups: arns.map((arn) => ({ arn })) } }],
    });
    it("of two groups that leaves the weights alone is fine", async () => {
      const ignoreChanges = ["actions"];
      expect(
        await judge(rolloutWeightsOwned, ruleType, actions("a", "b"), { ignoreChanges }),
      ).to.deep.equal([]);
    });
    it("of one group may be the program's", async () => {
      expect(await judge(rolloutWeightsOwned, ruleType, actions("a"))).to.deep.equal([]);
    });
    it("may say that it holds no clients", async () => {
      const forward = { targetGroups: [], stickiness: { enabled: false, duration: 60 } };
      const props = { actions: [{ type: "forward", forward }] };
      expect(await judge(rolloutNoGroupStickiness, ruleType, props)).to.deep.equal([]);
      expect(await judge(rolloutNoGroupStickiness, ruleType, actions("a", "b"))).to.deep.equal([]);
    });
    it("must not hold clients in a group", async () => {
      const forward = { targetGroups: [], stickiness: { enabled: true, duration: 60 } };
      const props = { actions: [{ type: "forward", forward }] };
      expect(await judge(rolloutNoGroupStickiness, ruleType, props)).to.have.length(1);
    });
    it("of two groups must not be the program's", async () => {
      expect(await judge(rolloutWeightsOwned, ruleType, actions("a", "b"))).to.have.length(1);
    });
  });

  describe("a target group", () => {
    const group = { deregistrationDelay: 60, healthCheck: health };
    const rules = [rolloutDeregistrationDelay, rolloutHealthCheck, rolloutDetection];
    it("that drains and checks is fine", async () => {
      for (const rule of rules) expect(await judge(rule, groupType, group)).to.deep.equal([]);
    });
    it("must drain", async () => {
      const props = { ...group, deregistrationDelay: 0 };
      expect(await judge(rolloutDeregistrationDelay, groupType, props)).to.have.length(1);
    });
    for (const change of [
      { enabled: false },
      { path: undefined },
      { path: "/" },
      { matcher: "200-499" },
      { matcher: undefined },
      { interval: undefined },
      { unhealthyThreshold: undefined },
    ]) {
      it(`must not check by ${JSON.stringify(change)} or ${Object.keys(change)[0]} unset`, async () => {
        const props = { ...group, healthCheck: { ...health, ...change } };
        expect(await judge(rolloutHealthCheck, groupType, props)).to.have.length(1);
      });
    }
    it("must check at all", async () => {
      expect(await judge(rolloutHealthCheck, groupType, {})).to.have.length(1);
    });
    it("should find a sick target soon", async () => {
      const props = {
        healthCheck: { ...health, interval: 30, unhealthyThreshold: 3, timeout: 10 },
      };
      expect(await judge(rolloutDetection, groupType, props)).to.deep.equal([
        "A sick target may take 100 s of traffic before it is found.",
      ]);
    });
  });

  describe("a task definition", () => {
    const task = (container: object, more = {}) => ({
      containerDefinitions: JSON.stringify([{ name: "platform", ...container }]),
      skipDestroy: true,
      ...more,
    });
    const drain = (value: string) => ({ environment: [{ name: "DRAIN_SECONDS", value }] });

    it("with time to drain, that is kept, is fine", async () => {
      const props = task({ ...drain("20"), stopTimeout: 45 });
      expect(await judge(rolloutStopTimeout, taskType, props)).to.deep.equal([]);
      expect(await judge(rolloutKeepsRevisions, taskType, props)).to.deep.equal([]);
    });
    it("must not be killed while it drains", async () => {
      const props = task({ ...drain("45"), stopTimeout: 45 });
      expect(await judge(rolloutStopTimeout, taskType, props)).to.deep.equal([
        "Container platform: it is killed 45 s after SIGTERM, but drains for 45 s.",
      ]);
    });
    it("has 30 seconds to stop when it says nothing", async () => {
      expect(await judge(rolloutStopTimeout, taskType, task(drain("30")))).to.have.length(1);
      expect(await judge(rolloutStopTimeout, taskType, task(drain("29")))).to.deep.equal([]);
    });
    it("must stay in service", async () => {
      const props = task({}, { skipDestroy: false });
      expect(await judge(rolloutKeepsRevisions, taskType, props)).to.have.length(1);
    });
    it("must be readable", async () => {
      const props = { containerDefinitions: "{" };
      expect(await judge(rolloutStopTimeout, taskType, props)).to.have.length(1);
    });
  });
});
