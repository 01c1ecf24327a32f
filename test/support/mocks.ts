import * as pulumi from "@pulumi/pulumi";

/** A resource that a program under test registered. */
export interface Registered {
  type: string;
  name: string;
  /** Undefined for components. */
  id: string | undefined;
  inputs: Record<string, unknown>;
}

/** What a program under test did: filled in while it runs. */
export interface Recording {
  resources: Registered[];
  invokes: { token: string; inputs: Record<string, unknown> }[];
}

const account = "123456789012";
const region = "eu-central-1";

/**
 * Runs a program against mocks and waits until everything in it has been registered.
 *
 * @param program - Imports what creates resources by itself, so that the mocks are there before.
 */
export async function record<T>(
  program: () => T | Promise<T>,
  { preview = false }: { preview?: boolean } = {},
): Promise<Recording & { result: T }> {
  const recording: Recording = { resources: [], invokes: [] };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, id, inputs, custom }) => {
        const known = custom === false ? undefined : id || `${name}-id`;
        recording.resources.push({ type, name, id: known, inputs });
        return { id: known, state: { ...inputs, ...outputs(type, name, inputs) } };
      },
      call: ({ token, inputs }) => {
        recording.invokes.push({ token, inputs });
        if (token === "aws:ecr/getAuthorizationToken:getAuthorizationToken") {
          return { userName: "AWS", password: "token", proxyEndpoint: "https://registry" };
        }
        throw new Error(`the program looked up ${token}, which is not allowed to it`);
      },
    },
    "symphainy",
    "test",
    preview,
  );
  const result = await program();
  await settle();
  return { ...recording, result };
}

/** The value of an output. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Outputs that a cloud would add to a resource's inputs. */
function outputs(type: string, name: string, inputs: Record<string, unknown>) {
  const [, module = "", kind = ""] = /^[^:]+:([^:/]+)[^:]*:(.+)$/.exec(type) ?? [];
  const arn = `arn:aws:${module}:${region}:${account}:${kind}/${name}`;
  const common = { arn, arnSuffix: `${kind}/${name}`, name: inputs.name ?? `${name}-1a2b3c4` };
  switch (type) {
    case "aws:ec2/securityGroup:SecurityGroup":
      return { ...common, ownerId: account };
    case "aws:lb/loadBalancer:LoadBalancer":
      return { ...common, dnsName: `${name}.elb.amazonaws.com` };
    case "aws:ecr/repository:Repository":
      return {
        ...common,
        registryId: account,
        repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { ...common, latestVersion: 7 };
    case "aws:ec2/eip:Eip":
      return { ...common, allocationId: `${name}-allocation` };
    case "aws:s3/bucket:Bucket":
      return { ...common, bucket: `${name}-bucket` };
    case "aws:ecs/taskDefinition:TaskDefinition":
      return { ...common, arn: `${arn}:1`, revision: 1 };
    case "random:index/randomId:RandomId":
      return { hex: "0badcafe" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "s3cret" };
    case "docker:index/image:Image":
      return { repoDigest: `${String(inputs.imageName).split(":")[0]}@sha256:${"a".repeat(64)}` };
    case "rollout:index:Promotion":
      return {
        live: { release: inputs.release, revision: "task:1", since: "2026-01-01T00:00:00Z" },
      };
    default:
      return common;
  }
}

/** Mocks answer asynchronously: nothing is left to do when a whole round of waiting adds nothing. */
async function settle(): Promise<void> {
  await pulumi.runtime.disconnect();
}
