import { expect } from "chai";
import { GoogleError } from "../../../rehearsal/cloud/googleError.ts";
import { checkServiceId, parseServiceName } from "../../../rehearsal/cloud/run/names.ts";
import type {
  RevisionTemplate,
  RunContainer,
  ServiceInput,
  TrafficTarget,
} from "../../../rehearsal/cloud/run/resources.ts";
import { checkService } from "../../../rehearsal/cloud/run/validateService.ts";

const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byRevision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

describe("what Cloud Run refuses", () => {
  it("takes a service that has what it must", () => {
    expect(refusal(service({}))).to.equal("nothing");
    expect(refusal({ ...service({}), uid: "1", generation: "2" } as ServiceInput)).to.equal(
      "nothing",
    );
  });

  for (const id of ["Platform", "1platform", "platform-", "p".repeat(50), ""]) {
    it(`refuses the name '${id}'`, () => {
      expect(() => checkServiceId(id)).to.throw(GoogleError, /must be less than 50 characters/);
    });
  }

  it("takes a name of 49 characters, and no other form of a full name", () => {
    checkServiceId(`p${"a".repeat(48)}`);
    expect(() => parseServiceName("services/platform")).to.throw(GoogleError, /is not of the form/);
  });

  it("says which part of a service is missing", () => {
    expect(refusal({})).to.match(/^template: A revision template must be provided/);
    expect(refusal({ template: {} })).to.match(/^template\.containers: At least one container/);
    expect(refusal(service({ container: { image: "" } }))).to.match(
      /containers\[0\]\.image: The image/,
    );
  });

  const limits = (cpu: string, memory: string) => ({ resources: { limits: { cpu, memory } } });
  const resources: [RunContainer, number, RegExp | "nothing"][] = [
    [limits("1", "512Mi"), 80, "nothing"],
    [limits("1000m", "4Gi"), 80, "nothing"],
    [limits("1", "8Gi"), 80, /For 1\.0 CPU, memory must be between 128Mi and 4Gi inclusive/],
    [limits("4", "1Gi"), 80, /For 4\.0 CPU, memory must be between 2Gi and 16Gi inclusive/],
    [limits("3", "4Gi"), 80, /limits\.cpu: .*'3' is not one of 1, 2, 4, 6, 8/],
    [limits("0.5", "512Mi"), 80, /Total cpu < 1 is not supported with concurrency > 1/],
    [limits("0.5", "512Mi"), 1, "nothing"],
    [limits("1", "512MB"), 80, /limits\.memory: .*'512MB' is no amount/],
  ];
  for (const [container, concurrency, words] of resources) {
    const { cpu, memory } = container.resources?.limits ?? {};
    it(`${words === "nothing" ? "takes" : "refuses"} ${cpu} CPU with ${memory} for ${concurrency} requests`, () => {
      const template = { maxInstanceRequestConcurrency: concurrency };
      expect(refusal(service({ container, template }))).to.match(new RegExp(words));
    });
  }

  const http = { path: "/ready" };
  const probes: [Partial<RunContainer>, RegExp][] = [
    [{ startupProbe: {} }, /startup_probe: Exactly one of http_get, tcp_socket and grpc/],
    [
      { startupProbe: { httpGet: http, periodSeconds: 30, failureThreshold: 9 } },
      /at most 240 seconds: 9 \* 30 = 270/,
    ],
    [
      { startupProbe: { httpGet: http, timeoutSeconds: 20 } },
      /timeout_seconds: must be less than or equal to period_seconds: 20 > 10/,
    ],
    [
      { startupProbe: { httpGet: { path: "ready" } } },
      /http_get\.path: 'ready' must begin with '\/'/,
    ],
    [{ livenessProbe: { tcpSocket: {} } }, /liveness_probe\.tcp_socket: TCP is not supported/],
    [
      { readinessProbe: { httpGet: http, periodSeconds: 400 } },
      /period_seconds: 400 must be a whole number between 1 and 300/,
    ],
    [
      { livenessProbe: { httpGet: http, successThreshold: 2 } },
      /liveness_probe\.successThreshold is not known/,
    ],
    [{ startupProbe: { grpc: {} } }, /gRPC probes are not rehearsed/],
  ];
  for (const [container, words] of probes) {
    it(`refuses ${JSON.stringify(container)}`, () => {
      expect(refusal(service({ container }))).to.match(words);
    });
  }

  const others: [ServiceInput, RegExp][] = [
    [
      service({ container: { env: [{ name: "PORT", value: "1" }] } }),
      /reserved env names were provided: PORT/,
    ],
    [service({ container: { env: [{ name: "A" }, { name: "A" }] } }), /env: 'A' is set twice/],
    [
      service({ container: { volumeMounts: [{ name: "x" }] } }),
      /volumeMounts is not known to the rehearsal/,
    ],
    [
      service({ template: { labels: { release: "A" } } }),
      /template\.labels: 'release: A' is no label/,
    ],
    [
      service({ template: { timeout: "2h" } }),
      /template\.timeout: '2h' must be between 1s and 3600s/,
    ],
    [service({ template: { maxInstanceRequestConcurrency: 1001 } }), /must be between 1 and 1000/],
    [
      service({ template: { scaling: { minInstanceCount: 5, maxInstanceCount: 2 } } }),
      /5 must not be more than max_instance_count, 2/,
    ],
    [service({ template: { revision: "other-1" } }), /must be prefixed by the service name/],
    [
      { ...service({}), annotations: { "run.googleapis.com/x": "1" } },
      /is in a namespace of the system/,
    ],
    [{ ...service({}), scaling: { scalingMode: "MANUAL" } }, /MANUAL is not rehearsed/],
  ];
  for (const [wrong, words] of others) {
    it(`refuses by ${words.source}`, () => {
      expect(refusal(wrong)).to.match(words);
    });
  }

  const traffics: [TrafficTarget[], RegExp][] = [
    [[{ type: latest, percent: 70 }], /sum of all percents must be 100, it is 70/],
    [[{ percent: 100 }], /traffic\[0\]\.type/],
    [[{ type: byRevision, percent: 100 }], /traffic\[0\]\.revision: A revision must be named/],
    [[{ type: latest, revision: "platform-1", percent: 100 }], /No revision may be named/],
    [
      [{ type: latest, percent: 100, tag: "Candidate" }],
      /traffic\[0\]\.tag: 'Candidate' must use only/,
    ],
    [
      [{ type: latest, percent: 100, tag: "a".repeat(39) }],
      /together are too long\. Combined traffic tag and service name cannot exceed 46/,
    ],
    [
      [
        { type: latest, percent: 100, tag: "one" },
        { type: byRevision, revision: "platform-1", tag: "one" },
      ],
      /traffic\[1\]\.tag: 'one' is used twice/,
    ],
  ];
  for (const [traffic, words] of traffics) {
    it(`refuses traffic by ${words.source}`, () => {
      expect(refusal({ ...service({}), traffic })).to.match(words);
    });
  }
});

function service({
  container = {},
  template = {},
}: {
  container?: Partial<RunContainer>;
  template?: Partial<RevisionTemplate>;
}): ServiceInput {
  return { template: { containers: [{ image: "r/app@sha256:1", ...container }], ...template } };
}

function refusal(asked: ServiceInput): string {
  try {
    checkService(asked, "platform");
    return "nothing";
  } catch (error) {
    return error instanceof GoogleError ? error.message : `no GoogleError: ${String(error)}`;
  }
}
