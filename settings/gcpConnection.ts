import * as pulumi from "@pulumi/pulumi";
import { cloudRunRegions } from "./cloudRunRegions.ts";
import { nearest } from "./problems.ts";
import type { GcpSettings } from "./types.ts";

/** A connection, or what is wrong with the `gcp:` configuration. */
export interface GcpConfiguration {
  connection?: GcpSettings;
  problems: string[];
}

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Where the provider looks for what the stack doesn't say, in its order.
 *
 * @see https://www.pulumi.com/registry/packages/gcp/installation-configuration/
 */
const fallBacks = {
  project: ["GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"],
  region: ["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"],
  impersonateServiceAccount: ["GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"],
} as const;

/** Keys by which the provider would act as somebody else, or elsewhere, than the client that watches a release. */
const otherIdentities: Readonly<Record<string, string>> = {
  "gcp:impersonateServiceAccountDelegates":
    "write the last account of the chain as gcp:impersonateServiceAccount, and let its predecessor come from the environment",
  "gcp:externalCredentials":
    "set GOOGLE_APPLICATION_CREDENTIALS in the environment to the file of a federated identity",
  "gcp:universeDomain": "deploy to googleapis.com",
};

/** Endpoints that the client needs, and the paths that the provider puts behind them. */
const endpointKeys = {
  run: { key: "gcp:cloudRunV2CustomEndpoint", version: "/v2/" },
  monitoring: { key: "gcp:monitoringCustomEndpoint", version: "/" },
} as const;

/**
 * The stack's own `gcp:` configuration, as far as the promotion's client needs it; project, region and the account to
 * act as may come from the environment, as they do for the provider. What comes from there as a secret stays there.
 */
export function gcpConfiguration(config: Texts, environment: Texts): GcpConfiguration {
  const read = (name: keyof typeof fallBacks) =>
    config[`gcp:${name}`] || firstOf(fallBacks[name], environment);
  const [project, region] = [read("project"), read("region")];
  const account = read("impersonateServiceAccount");
  const { "gcp:accessToken": accessToken, "gcp:credentials": credentials } = config;
  const { endpoints, problems: endpointProblems } = readEndpoints(config);
  const problems = [
    ...projectProblems(project),
    ...regionProblems(region),
    ...accountProblems(account),
    ...credentialsProblems(credentials),
    ...Object.entries(otherIdentities)
      .filter(([key]) => key in config)
      .map(
        ([key, instead]) =>
          `${key} is set. Allowed: nothing; the provider and the client that watches a release have to be the same principal in the same place, and the client does not know this key. Remove it, and ${instead}.`,
      ),
    ...endpointProblems,
  ];
  if (problems.length > 0) return { problems };
  return {
    problems,
    connection: {
      project,
      region,
      ...(account !== "" && { impersonateServiceAccount: account }),
      // Written in plain or not: neither may be readable in the state.
      ...(accessToken && { accessToken: pulumi.secret(accessToken) }),
      ...(credentials && { credentials: pulumi.secret(credentials) }),
      ...(endpoints && { endpoints }),
    },
  };
}

function firstOf(names: readonly string[], environment: Texts): string {
  return names.map((name) => environment[name] ?? "").find((value) => value !== "") ?? "";
}

function found(value: string): string {
  return value === "" ? "is missing" : `is ${JSON.stringify(value)}`;
}

/** @see https://cloud.google.com/resource-manager/docs/creating-managing-projects */
function projectProblems(project: string): string[] {
  if (/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) return [];
  return [
    `gcp:project ${found(project)}. Allowed: the id of a project, 6 to 30 lower-case letters, digits and hyphens; neither its name nor its number. Run \`pulumi config set gcp:project my-project\`, or set GOOGLE_PROJECT.`,
  ];
}

function regionProblems(region: string): string[] {
  if (cloudRunRegions.includes(region)) return [];
  const near = region === "" ? undefined : nearest(region, cloudRunRegions);
  const mend =
    near === undefined
      ? "Run `pulumi config set gcp:region europe-west1`, or set GOOGLE_REGION."
      : `Did you mean ${near}?`;
  return [
    `gcp:region ${found(region)}. Allowed: a region of Cloud Run, which are ${cloudRunRegions.join(", ")}. ${mend}`,
  ];
}

function accountProblems(account: string): string[] {
  if (account === "" || /^[\w.+-]+@[\w.-]+$/.test(account)) return [];
  return [
    `gcp:impersonateServiceAccount is ${JSON.stringify(account)}. Allowed: the e-mail address of a service account. Write deploy@my-project.iam.gserviceaccount.com, or the like.`,
  ];
}

/** The provider takes the path of a file too, which means something else on another machine. */
function credentialsProblems(credentials: string | undefined): string[] {
  if (!credentials || isJsonObject(credentials)) return [];
  return [
    "gcp:credentials is no JSON (value not shown). Allowed: the JSON of a key or of a federated identity. Write it with --secret, or remove the key and let GOOGLE_APPLICATION_CREDENTIALS name the file.",
  ];
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function readEndpoints(config: Texts): {
  endpoints?: { run?: string; monitoring?: string };
  problems: string[];
} {
  const problems: string[] = [];
  const originOf = ({ key, version }: { key: string; version: string }): string | undefined => {
    const written = config[key];
    if (!written) return undefined;
    const url = URL.canParse(written) ? new URL(written) : undefined;
    // Without the version the provider would ask at a path that the API doesn't have; a path more is none of the client's.
    if (url?.protocol.startsWith("http") && url.pathname === version) return url.origin;
    problems.push(
      `${key} is ${JSON.stringify(written)}. Allowed: a URL with the path ${version}, as the provider takes it. Write http://localhost:8080${version}, or the like.`,
    );
    return undefined;
  };
  const run = originOf(endpointKeys.run);
  const monitoring = originOf(endpointKeys.monitoring);
  if (run === undefined && monitoring === undefined) return { problems };
  return { problems, endpoints: { ...(run && { run }), ...(monitoring && { monitoring }) } };
}
