import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  MetricAlarm,
  PutMetricAlarmCommandInput,
  StateValue,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../../../provider/clock.ts";
import { messageOf } from "../../../provider/messageOf.ts";
import { AwsError } from "../awsError.ts";
import type { Journal } from "../journal.ts";
import { type Alarm, checkAlarm, returnedId } from "./alarm.ts";
import { alarmState, sparePeriods } from "./alarmState.ts";
import { metricSeries, periodOf, querySeries, type Series, type Timeline } from "./metricData.ts";
import type { MetricSource } from "./metricSource.ts";

export interface CloudWatchArgs {
  clock: Clock;
  journal: Journal;
  metrics: MetricSource;
  /** @default "eu-central-1" */
  region?: string;
  /** @default "123456789012" */
  account?: string;
  /**
   * Cloud seconds from the end of a minute until its figures can be had.
   *
   * @default 60
   */
  publicationLagSeconds?: number;
}

type Output<T> = Omit<T, "$metadata">;
type NamedAlarm = Alarm & { state: StateValue };

const minuteMs = 60_000;

/** Metrics and alarms: an alarm is evaluated each cloud minute from the figures that have been published by then. */
export class CloudWatch {
  readonly #args: Required<CloudWatchArgs>;
  readonly #alarms = new Map<string, NamedAlarm>();
  #evaluating: AbortController | undefined;

  constructor(args: CloudWatchArgs) {
    this.#args = {
      region: "eu-central-1",
      account: "123456789012",
      publicationLagSeconds: 60,
      ...args,
    };
  }

  /** An alarm that exists keeps its state, as in the cloud. */
  async putMetricAlarm(input: PutMetricAlarmCommandInput): Promise<object> {
    const alarm = checkAlarm(input);
    const name = alarm.shape.AlarmName;
    const { clock, region, account } = this.#args;
    const existing = this.#alarms.get(name);
    const now = new Date(clock.now());
    const state = existing?.state ?? "INSUFFICIENT_DATA";
    this.#alarms.set(name, {
      ...alarm,
      state,
      shape: {
        StateReason: "Unchecked: Initial alarm creation",
        StateUpdatedTimestamp: now,
        ...stateOf(existing?.shape),
        ...alarm.shape,
        AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
        AlarmConfigurationUpdatedTimestamp: now,
        StateValue: state,
      },
    });
    this.#startEvaluating();
    return {};
  }

  /** @throws AwsError ResourceNotFound, when one of the names is not an alarm's; then none is deleted. */
  async deleteAlarms({ AlarmNames = [] }: DeleteAlarmsCommandInput): Promise<object> {
    const missing = AlarmNames.filter((name) => !this.#alarms.has(name));
    if (missing.length > 0) {
      throw new AwsError("ResourceNotFound", `There is no alarm ${missing.join(", ")}`, 404);
    }
    for (const name of AlarmNames) this.#alarms.delete(name);
    if (this.#alarms.size === 0) this.#stopEvaluating();
    return {};
  }

  /** Names that are not an alarm's are passed over. */
  async describeAlarms(
    input: DescribeAlarmsCommandInput,
  ): Promise<Output<DescribeAlarmsCommandOutput>> {
    const { AlarmNames, AlarmNamePrefix, StateValue: wanted } = input;
    const shapes = [...this.#alarms.values()].map(({ shape }) => shape);
    return {
      CompositeAlarms: [],
      MetricAlarms: shapes.filter(
        ({ AlarmName, StateValue: state }) =>
          (AlarmNames?.length ? AlarmNames.includes(AlarmName) : true) &&
          AlarmName.startsWith(AlarmNamePrefix ?? "") &&
          (wanted === undefined || state === wanted),
      ),
    };
  }

  async getMetricStatistics(
    input: GetMetricStatisticsCommandInput,
  ): Promise<Output<GetMetricStatisticsCommandOutput>> {
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = input;
    const timeline = this.#timeline(input.StartTime, input.EndTime, input.Period ?? 60);
    const read = (statistic: string) =>
      metricSeries(this.#args.metrics, { namespace, name, dimensions, statistic }, timeline);
    const plain = (input.Statistics ?? []).map((key) => ({ key, values: read(key) }));
    const extended = (input.ExtendedStatistics ?? []).map((key) => ({ key, values: read(key) }));
    const Datapoints = timesOf(timeline).flatMap((Timestamp, index) => {
      const any = [...plain, ...extended].some(({ values }) => values[index] !== null);
      const ExtendedStatistics = extended.length > 0 ? figuresAt(extended, index) : undefined;
      return any ? [{ Timestamp, ...figuresAt(plain, index), ExtendedStatistics }] : [];
    });
    return { Label: name, Datapoints };
  }

  async getMetricData(
    input: GetMetricDataCommandInput,
  ): Promise<Output<GetMetricDataCommandOutput>> {
    const queries = input.MetricDataQueries ?? [];
    const timeline = this.#timeline(input.StartTime, input.EndTime, periodOf(queries));
    const times = timesOf(timeline);
    const returned = queries.filter(({ ReturnData }) => ReturnData ?? true);
    return {
      Messages: [],
      MetricDataResults: returned.map(({ Id = "", Label, Expression, MetricStat }) => {
        const series = querySeries(this.#args.metrics, queries, Id, timeline);
        const points = series.flatMap((value, index) => {
          const at = times[index];
          return value === null || !at ? [] : [{ at, value }];
        });
        if (input.ScanBy !== "TimestampAscending") points.reverse();
        return {
          Id,
          Label: Label ?? MetricStat?.Metric?.MetricName ?? Expression ?? Id,
          Timestamps: points.map(({ at }) => at),
          Values: points.map(({ value }) => value),
          StatusCode: "Complete" as const,
        };
      }),
    };
  }

  /** Names of the alarms that exist. */
  inventory(): string[] {
    return [...this.#alarms.keys()].map((name) => `alarm ${name}`);
  }

  /** Ends the evaluation. */
  async close(): Promise<void> {
    this.#alarms.clear();
    this.#stopEvaluating();
  }

  #startEvaluating(): void {
    if (this.#evaluating) return;
    const stop = new AbortController();
    this.#evaluating = stop;
    const run = async () => {
      while (!stop.signal.aborted) {
        const now = this.#args.clock.now();
        await this.#args.clock.sleep((minuteMs - (now % minuteMs)) / 1000, stop.signal);
        for (const alarm of this.#alarms.values()) this.#evaluate(alarm);
      }
    };
    run().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }

  #stopEvaluating(): void {
    this.#evaluating?.abort();
    this.#evaluating = undefined;
  }

  #evaluate(alarm: NamedAlarm): void {
    const { clock, journal } = this.#args;
    const { state, reason } = this.#judge(alarm);
    if (state === alarm.state) return;
    alarm.state = state;
    const now = new Date(clock.now());
    Object.assign(alarm.shape, {
      StateValue: state,
      StateReason: reason,
      StateUpdatedTimestamp: now,
      StateTransitionedTimestamp: now,
    } satisfies Partial<MetricAlarm>);
    journal.record({ kind: "alarm", alarm: alarm.shape.AlarmName, state, reason });
  }

  #judge({ shape, rule, periodSeconds, state }: NamedAlarm): { state: StateValue; reason: string } {
    const periods = rule.evaluationPeriods + sparePeriods;
    const periodMs = periodSeconds * 1000;
    const end = Math.floor(this.#publishedUntil() / periodMs) * periodMs;
    const timeline = { fromMs: end - periods * periodMs, periodSeconds, periods };
    try {
      return alarmState(this.#seriesOf(shape, timeline), rule, state);
    } catch (error) {
      // A broken expression has no figures; the alarm says why.
      const reason = messageOf(error);
      return { state: "INSUFFICIENT_DATA", reason };
    }
  }

  #seriesOf(shape: MetricAlarm, timeline: Timeline): Series {
    const { metrics } = this.#args;
    if (shape.Metrics?.length)
      return querySeries(metrics, shape.Metrics, returnedId(shape), timeline);
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = shape;
    const statistic = shape.Statistic ?? shape.ExtendedStatistic;
    return metricSeries(metrics, { namespace, name, dimensions, statistic }, timeline);
  }

  /** Cloud time up to which figures can be had. */
  #publishedUntil(): number {
    const { clock, publicationLagSeconds } = this.#args;
    return Math.floor((clock.now() - publicationLagSeconds * 1000) / minuteMs) * minuteMs;
  }

  #timeline(start: Date | undefined, end: Date | undefined, periodSeconds: number): Timeline {
    if (!start || !end || !(end > start)) {
      throw new AwsError("InvalidParameterValue", "StartTime must be less than EndTime.");
    }
    if (periodSeconds < 60 || periodSeconds % 60 !== 0) {
      throw new AwsError(
        "InvalidParameterValue",
        `Period ${periodSeconds} must be a multiple of 60.`,
      );
    }
    const periodMs = periodSeconds * 1000;
    const fromMs = Math.floor(start.getTime() / periodMs) * periodMs;
    const toMs = Math.min(end.getTime(), this.#publishedUntil());
    return { fromMs, periodSeconds, periods: Math.max(0, Math.ceil((toMs - fromMs) / periodMs)) };
  }
}

function stateOf(shape: MetricAlarm | undefined): Partial<MetricAlarm> {
  if (!shape) return {};
  const { StateReason, StateUpdatedTimestamp, StateTransitionedTimestamp } = shape;
  return { StateReason, StateUpdatedTimestamp, StateTransitionedTimestamp };
}

/** Statistic → figure, for those that have one. */
function figuresAt(series: { key: string; values: Series }[], index: number) {
  return Object.fromEntries(
    series.flatMap(({ key, values }) => {
      const value = values[index] ?? null;
      return value === null ? [] : [[key, value] as const];
    }),
  );
}

function timesOf({ fromMs, periodSeconds, periods }: Timeline): Date[] {
  return Array.from(
    { length: periods },
    (_, index) => new Date(fromMs + index * periodSeconds * 1000),
  );
}
