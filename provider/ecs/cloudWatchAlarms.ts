import type {
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  GetMetricDataInput,
  GetMetricDataOutput,
} from "@aws-sdk/client-cloudwatch";
import type { Alarm, Alarms } from "../alarms.ts";
import type { CloudCall } from "../cloudCall.ts";

/** The part of CloudWatch that a promotion needs; the SDK's `CloudWatch` client is one. */
export interface CloudWatchApi {
  describeAlarms: CloudCall<DescribeAlarmsInput, DescribeAlarmsOutput>;
  getMetricData: CloudCall<GetMetricDataInput, GetMetricDataOutput>;
}

type AlarmsApi = Pick<CloudWatchApi, "describeAlarms">;

/** CloudWatch's metric and composite alarms. */
export class CloudWatchAlarms implements Alarms {
  readonly #connect: () => Promise<AlarmsApi>;
  #api: AlarmsApi | undefined;

  /** @param connect - is called at the first look. */
  constructor(connect: () => Promise<AlarmsApi>) {
    this.#connect = connect;
  }

  async read(names: readonly string[], signal: AbortSignal): Promise<Alarm[]> {
    const api = (this.#api ??= await this.#connect());
    const found = new Map<string, Alarm>();
    // DescribeAlarms takes 100 names at a time.
    for (let start = 0; start < names.length; start += 100) {
      const page = await api.describeAlarms(
        {
          AlarmNames: names.slice(start, start + 100),
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: 100,
        },
        { abortSignal: signal },
      );
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
        const { AlarmName: name, StateValue, StateReason: reason = "no reason given" } = alarm;
        if (name === undefined) continue;
        found.set(name, { name, state: StateValue ?? "INSUFFICIENT_DATA", reason });
      }
    }
    return names.map((name) => found.get(name) ?? { name, state: "MISSING", reason: "" });
  }
}
