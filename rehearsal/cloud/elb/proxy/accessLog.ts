import type { AccessQuery, AccessRecord } from "../wire.ts";

/** Requests kept; older ones are forgotten. A story sends some ten thousand. */
const capacity = 500_000;

/** Every request through the proxy, in the order of completion. */
export class AccessLog {
  #records: AccessRecord[] = [];

  add(record: AccessRecord): void {
    this.#records.push(record);
    if (this.#records.length >= capacity * 2) this.#records = this.#records.slice(-capacity);
  }

  query(query: AccessQuery): AccessRecord[] {
    return this.#records.filter(
      (record) =>
        record.at >= (query.from ?? Number.NEGATIVE_INFINITY) &&
        record.at <= (query.to ?? Number.POSITIVE_INFINITY) &&
        (query.traffic === undefined || record.traffic === query.traffic) &&
        (query.targetGroup === undefined || record.targetGroup === query.targetGroup) &&
        (query.status === undefined || record.status === query.status) &&
        (query.release === undefined || record.release === query.release) &&
        (query.path === undefined || record.path === query.path),
    );
  }
}
