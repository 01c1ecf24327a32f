import type { AwsConnection } from "../provider/messages.ts";

/** A connection, or what is wrong with the `aws:` configuration. */
export interface AwsConfiguration {
  connection?: AwsConnection;
  problems: string[];
}

const ownKeys = ["aws:accessKey", "aws:secretKey", "aws:token"];

/** Keys by which the provider would act as somebody else than the client that watches a release → instead. */
const otherIdentities: Readonly<Record<string, string>> = {
  "aws:assumeRole":
    "write aws:assumeRoles, a list with one entry, which the provider reads since 7.0",
  "aws:assumeRoleWithWebIdentity":
    "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment",
  "aws:sharedConfigFiles": "set AWS_CONFIG_FILE in the environment",
  "aws:sharedCredentialsFiles": "set AWS_SHARED_CREDENTIALS_FILE in the environment",
};

/**
 * The stack's own `aws:` configuration, as far as the promotion's client needs it; the region may come from the
 * environment, as it does for the AWS provider.
 */
export function awsConfiguration(
  config: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): AwsConfiguration {
  const region =
    config["aws:region"] ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? "";
  const problems = [
    ...regionProblems(region),
    ...ownKeys
      .filter((key) => key in config)
      .map(
        (key) =>
          `${key} is set (value not shown). Allowed: nothing; the client that watches a release takes its credentials from the environment, a profile or a role. Remove it, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or aws:profile.`,
      ),
  ];
  problems.push(
    ...Object.entries(otherIdentities)
      .filter(([key]) => key in config)
      .map(
        ([key, instead]) =>
          `${key} is set. Allowed: nothing; the provider and the client that watches a release have to be the same principal, and the client does not know this key. Remove it, and ${instead}.`,
      ),
  );
  const assumeRole = readAssumeRole(config["aws:assumeRoles"], problems);
  const endpoints = readEndpoints(config["aws:endpoints"], problems);
  if (problems.length > 0) return { problems };
  return {
    problems,
    connection: {
      region,
      ...(config["aws:profile"] ? { profile: config["aws:profile"] } : {}),
      ...(assumeRole ? { assumeRole } : {}),
      ...(endpoints ? { endpoints } : {}),
    },
  };
}

function regionProblems(region: string): string[] {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return [];
  const finding = region === "" ? "is missing" : `is ${JSON.stringify(region)}`;
  return [
    `aws:region ${finding}. Allowed: the name of a region, such as eu-central-1. Run \`pulumi config set aws:region eu-central-1\`, or set AWS_REGION.`,
  ];
}

function readAssumeRole(
  text: string | undefined,
  problems: string[],
): AwsConnection["assumeRole"] | undefined {
  if (text === undefined) return undefined;
  const roles = listOfObjects(text);
  const role = roles?.[0];
  const roleArn = role?.roleArn;
  if (roles?.length !== 1 || typeof roleArn !== "string") {
    problems.push(
      `aws:assumeRoles has ${roles?.length ?? "no readable"} entries, or one without a roleArn. Allowed: a list with one entry that has a roleArn; chains are not supported by the client that watches a release. Write the last role of the chain, and let its predecessor come from the environment.`,
    );
    return undefined;
  }
  return {
    roleArn,
    ...(typeof role?.sessionName === "string" ? { sessionName: role.sessionName } : {}),
    ...(typeof role?.externalId === "string" ? { externalId: role.externalId } : {}),
  };
}

function readEndpoints(
  text: string | undefined,
  problems: string[],
): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const entries = listOfObjects(text)?.flatMap((entry) => Object.entries(entry));
  const endpoints: Record<string, string> = {};
  for (const [service, url] of entries ?? []) {
    if (typeof url === "string" && URL.canParse(url)) endpoints[service] = url;
    else problems.push(endpointProblem(`${service}: ${JSON.stringify(url)}`));
  }
  if (entries === undefined) problems.push(endpointProblem(text));
  return Object.keys(endpoints).length > 0 ? endpoints : undefined;
}

function endpointProblem(value: string): string {
  return `aws:endpoints holds ${value}. Allowed: a list of maps from a service to a URL. Write [{ecs: https://…}].`;
}

function listOfObjects(text: string): Record<string, unknown>[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.every((entry) => isObject(entry));
    return isList ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
