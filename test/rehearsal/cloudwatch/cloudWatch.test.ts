import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { CloudWatch } from "../../../rehearsal/cloud/cloudwatch/cloudWatch.ts";
import type { MetricQuery } from "../../../rehearsal/cloud/cloudwatch/metricSource.ts";
import { Journal } from "../../../rehearsal/cloud/journal.ts";
import { ManualClock } from "./manualClock.ts";

const start = Date.UTC(2026, 0, 1, 12, 0, 0);
const minute = 60_000;

const errors: PutMetricAlarmCommandInput = {
  AlarmName: "errors",
  Namespace: "AWS/ApplicationELB",
  MetricName: "HTTPCode_Target_5XX_Count",
  Dimensions: [{ Name: "TargetGroup", Value: "targetgroup/a/1" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
};

describe("CloudWatch", () => {
  let clock: ManualClock;
  let journal: Journal;
  let cloudwatch: CloudWatch;
  /** Metric → minute after the start → figure. */
  let figures: Record<string, Record<number, number>>;
  let asked: MetricQuery[];

  beforeEach(() => {
    clock = new ManualClock(start);
    journal = new Journal(clock);
    figures = {};
    asked = [];
    cloudwatch = new CloudWatch({
      clock,
      journal,
      metrics: {
        query: (query) => {
          asked.push(query);
          return Object.entries(figures[query.name] ?? {})
            .map(([after, value]) => ({ at: start + Number(after) * minute, value }))
            .filter(({ at }) => at >= query.fromMs && at < query.toMs);
        },
      },
    });
  });
  afterEach(() => cloudwatch.close());

  const transitions = () =>
    journal.events.map((event) =>
      event.kind === "alarm" ? [(event.at - start) / 1000, event.alarm, event.state] : [],
    );

  it("fires when a minute's figures have been published, and calms down again", async () => {
    await cloudwatch.putMetricAlarm(errors);
    figures.HTTPCode_Target_5XX_Count = { 1: 6 };
    await clock.advance(600);
    // Minute 1 ends at 120 s and can be had 60 s later.
    expect(transitions()).to.deep.equal([
      [60, "errors", "OK"],
      [180, "errors", "ALARM"],
      // Two more periods are looked at before the breach is out of sight.
      [360, "errors", "OK"],
    ]);
    const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmNames: ["errors", "none"] });
    expect(MetricAlarms).to.have.length(1);
    expect(MetricAlarms?.[0]).to.deep.include({
      StateValue: "OK",
      Period: 60,
      ActionsEnabled: true,
    });
    expect(asked[0]).to.deep.include({
      namespace: "AWS/ApplicationELB",
      dimensions: { TargetGroup: "targetgroup/a/1" },
      statistic: "Sum",
      periodSeconds: 60,
    });
  });

  it("tells the reason with the figures", async () => {
    await cloudwatch.putMetricAlarm(errors);
    figures.HTTPCode_Target_5XX_Count = { 0: 7 };
    await clock.advance(120);
    const { MetricAlarms } = await cloudwatch.describeAlarms({ StateValue: "ALARM" });
    expect(MetricAlarms?.[0]?.StateReason).to.contain("[7] was greater than the threshold (5)");
    expect(MetricAlarms?.[0]?.StateUpdatedTimestamp).to.deep.equal(new Date(start + 120_000));
  });

  it("waits for as many breaches as the alarm asks for", async () => {
    await cloudwatch.putMetricAlarm({ ...errors, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    figures.HTTPCode_Target_5XX_Count = { 0: 9, 1: 0, 2: 9 };
    await clock.advance(239);
    expect(transitions()).to.deep.equal([[60, "errors", "OK"]]);
    await clock.advance(1);
    expect(transitions().at(-1)).to.deep.equal([240, "errors", "ALARM"]);
  });

  it("has no data until there is a figure, when missing ones are not treated otherwise", async () => {
    await cloudwatch.putMetricAlarm({ ...errors, TreatMissingData: "missing" });
    await clock.advance(300);
    expect(transitions()).to.deep.equal([]);
    figures.HTTPCode_Target_5XX_Count = { 4: 1 };
    await clock.advance(60);
    expect(transitions()).to.deep.equal([[360, "errors", "OK"]]);
  });

  it("reads percentiles", async () => {
    const { Statistic: _, ...rest } = errors;
    await cloudwatch.putMetricAlarm({ ...rest, ExtendedStatistic: "p99" });
    await clock.advance(60);
    expect(asked[0]?.statistic).to.equal("p99");
  });

  it("evaluates an alarm on an expression", async () => {
    const stat = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: "AWS/ApplicationELB", MetricName },
        Stat: "Sum",
        Period: 60,
      },
    });
    await cloudwatch.putMetricAlarm({
      AlarmName: "rate",
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
      Metrics: [
        stat("bad", "HTTPCode_Target_5XX_Count"),
        stat("all", "RequestCount"),
        { Id: "rate", Expression: "100 * FILL(bad, 0) / all", ReturnData: true },
      ],
    });
    figures.HTTPCode_Target_5XX_Count = { 1: 6 };
    figures.RequestCount = { 0: 100, 1: 100 };
    await clock.advance(180);
    expect(transitions()).to.deep.equal([
      [60, "rate", "OK"],
      [180, "rate", "ALARM"],
    ]);
  });

  it("keeps the state of an alarm that is put again, and takes its new rule", async () => {
    await cloudwatch.putMetricAlarm(errors);
    figures.HTTPCode_Target_5XX_Count = { 0: 7 };
    await clock.advance(120);
    await cloudwatch.putMetricAlarm({ ...errors, Threshold: 10 });
    const { MetricAlarms } = await cloudwatch.describeAlarms({});
    expect(MetricAlarms?.[0]).to.deep.include({ StateValue: "ALARM", Threshold: 10 });
    await clock.advance(60);
    expect(transitions().at(-1)).to.deep.equal([180, "errors", "OK"]);
  });

  it("deletes all the alarms that it is told to, or none", async () => {
    await cloudwatch.putMetricAlarm(errors);
    const error = await cloudwatch.deleteAlarms({ AlarmNames: ["errors", "x"] }).catch(String);
    expect(error).to.contain("There is no alarm x");
    expect(cloudwatch.inventory()).to.deep.equal(["alarm errors"]);
    await cloudwatch.deleteAlarms({ AlarmNames: ["errors"] });
    await clock.advance(600);
    expect(cloudwatch.inventory()).to.deep.equal([]);
    expect(transitions()).to.deep.equal([]);
  });

  it("answers figures that have been published, and no others", async () => {
    figures.RequestCount = { 0: 10, 1: 20, 2: 30 };
    figures.Errors = { 1: 5 };
    await clock.advance(180);
    const range = { StartTime: new Date(start), EndTime: new Date(start + 10 * minute) };
    const { Datapoints } = await cloudwatch.getMetricStatistics({
      ...range,
      Namespace: "AWS/ApplicationELB",
      MetricName: "RequestCount",
      Period: 60,
      Statistics: ["Sum"],
      ExtendedStatistics: ["p90"],
    });
    expect(Datapoints).to.deep.equal([
      { Timestamp: new Date(start), Sum: 10, ExtendedStatistics: { p90: 10 } },
      { Timestamp: new Date(start + minute), Sum: 20, ExtendedStatistics: { p90: 20 } },
    ]);

    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: "AWS/ApplicationELB", MetricName },
        Stat: "Sum",
        Period: 60,
      },
    });
    const { MetricDataResults } = await cloudwatch.getMetricData({
      ...range,
      MetricDataQueries: [
        metric("errors", "Errors"),
        metric("all", "RequestCount"),
        { Id: "share", Expression: "FILL(errors, 0) / all" },
      ],
    });
    expect(MetricDataResults).to.deep.equal([
      {
        Id: "share",
        Label: "FILL(errors, 0) / all",
        Timestamps: [new Date(start + minute), new Date(start)],
        Values: [0.25, 0],
        StatusCode: "Complete",
      },
    ]);
  });

  const refusals: [string, Partial<PutMetricAlarmCommandInput>, string][] = [
    ["no threshold", { Threshold: undefined }, "Threshold must be given"],
    ["a period of 10 s", { Period: 10 }, "Period 10 must be a multiple of 60"],
    ["more points than periods", { DatapointsToAlarm: 2 }, "DatapointsToAlarm 2 must be from 1"],
    ["both statistics", { ExtendedStatistic: "p99" }, "exactly one of Statistic"],
    ["an anomaly band", { ComparisonOperator: "GreaterThanUpperThreshold" }, "is not rehearsed"],
    ["two kinds of metric", { Metrics: [{ Id: "a", Expression: "1" }] }, "exclude each other"],
  ];
  for (const [what, change, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const error = await cloudwatch.putMetricAlarm({ ...errors, ...change }).catch(String);
      expect(error).to.contain(message);
      expect(cloudwatch.inventory()).to.deep.equal([]);
    });
  }
});
