import type { PromotionRecord } from "../../provider/messages.ts";

/** A promotion that took ten minutes, at an hour of the first of January 2030; each hour has its own revision and image. */
export function promotionRecord(
  release: string,
  hour: number,
  more: Partial<PromotionRecord> = {},
): PromotionRecord {
  const at = (minutes: number) => new Date(Date.UTC(2030, 0, 1, hour, minutes)).toISOString();
  return {
    release,
    revision: `arn:aws:ecs:eu-central-1:123456789012:task-definition/symphainy-ec2-platform:${hour}`,
    configuration: "one",
    image: `repository@sha256:${String(hour).padStart(64, "0")}`,
    by: "ada@laptop",
    startedAt: at(0),
    endedAt: at(10),
    verdict: "live",
    ...more,
  };
}
