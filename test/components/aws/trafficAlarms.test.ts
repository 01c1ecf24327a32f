import { expect } from "chai";
import { TrafficAlarms } from "../../../components/aws/trafficAlarms.ts";
import { promiseOf, record } from "../../support/mocks.ts";

const create = () =>
  record(
    () =>
      new TrafficAlarms("platform", {
        loadBalancer: "app/lb/1",
        groups: {
          a: { arn: "arn-of-a", arnSuffix: "targetgroup/a/1" },
          b: { arn: "arn-of-b", arnSuffix: "targetgroup/b/2" },
        },
        periodSeconds: 60,
        datapoints: 2,
        errorPercent: 1.5,
        latencySeconds: 2,
        topics: ["arn:aws:sns:eu-central-1:123456789012:alarms"],
        tags: {},
      }),
  );

describe("TrafficAlarms", () => {
  it("watches errors, latency and unhealthy targets of each group on its own", async () => {
    const { result, resources } = await create();
    const names = await Promise.all(result.alarms.map(({ name }) => promiseOf(name)));
    expect(names.map((name) => name.replace(/-[0-9a-f]{7}$/, ""))).to.have.members([
      "platform-a-errors",
      "platform-a-latency",
      "platform-a-unhealthy",
      "platform-b-errors",
      "platform-b-latency",
      "platform-b-unhealthy",
    ]);
    for (const { name, inputs } of resources.filter(({ inputs }) => inputs.evaluationPeriods)) {
      const text = JSON.stringify(inputs);
      expect(text).to.include(`"TargetGroup":"targetgroup/${name.split("-")[1]}/`);
      expect(text).to.include('"LoadBalancer":"app/lb/1"');
    }
  });

  it("tells of each alarm which group it watches", async () => {
    const { result } = await create();
    expect(result.alarms).to.have.length(6);
    for (const { name, watches } of result.alarms) {
      const [, group] = (await promiseOf(name)).split("-");
      expect(await promiseOf(watches)).to.equal(`arn-of-${group}`);
    }
  });

  it("takes silence for health, and tells who wants to know", async () => {
    const { resources } = await create();
    const alarms = resources.filter(({ type }) => type.endsWith(":MetricAlarm"));
    expect(alarms).to.have.length(6);
    for (const { inputs } of alarms) {
      expect(inputs).to.deep.include({
        treatMissingData: "notBreaching",
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        alarmActions: ["arn:aws:sns:eu-central-1:123456789012:alarms"],
      });
    }
  });

  it("fires by the share of errors, whatever the load", async () => {
    const { resources } = await create();
    const { inputs } = resources.find(({ name }) => name === "platform-a-errors") ?? {};
    expect(inputs).to.include({ threshold: 1.5, comparisonOperator: "GreaterThanThreshold" });
    expect(inputs).not.to.have.property("metricName");
    expect(inputs?.metricQueries).to.have.nested.property(
      "[0].expression",
      "100 * errors / requests",
    );
    expect(inputs?.metricQueries).to.have.nested.property(
      "[1].metric.metricName",
      "HTTPCode_Target_5XX_Count",
    );
  });

  it("fires by the 95th percentile of latency", async () => {
    const { resources } = await create();
    const { inputs } = resources.find(({ name }) => name === "platform-b-latency") ?? {};
    expect(inputs).to.include({ extendedStatistic: "p95", threshold: 2, period: 60 });
    expect(inputs).not.to.have.property("statistic");
  });

  it("counts unhealthy targets only in minutes with requests, so that starting up fires nothing", async () => {
    const { resources } = await create();
    const { inputs } = resources.find(({ name }) => name === "platform-a-unhealthy") ?? {};
    expect(inputs).to.include({ threshold: 1 });
    expect(inputs?.metricQueries).to.have.nested.property(
      "[0].expression",
      "IF(FILL(requests, 0) > 0, unhealthy, 0)",
    );
    expect(inputs?.metricQueries).to.have.nested.property(
      "[1].metric.metricName",
      "UnHealthyHostCount",
    );
  });

  it("counts targets that are unhealthy for whole minutes, so that scaling out fires nothing", async () => {
    const { resources } = await create();
    const { inputs } = resources.find(({ name }) => name === "platform-a-unhealthy") ?? {};
    expect(inputs?.metricQueries).to.have.nested.property("[1].metric.stat", "Minimum");
  });
});
