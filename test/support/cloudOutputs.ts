const account = "123456789012";
const region = "eu-central-1";

type Inputs = Record<string, unknown>;

/** By type: what a cloud adds to a resource's inputs, besides what it adds to every one. */
const additions: Record<string, (name: string, inputs: Inputs) => Inputs> = {
  "aws:ec2/eip:Eip": (name) => ({ allocationId: `eipalloc-${name}` }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 7 }),
  "aws:ec2/securityGroup:SecurityGroup": () => ({ ownerId: account }),
  "aws:ecr/repository:Repository": (name) => ({
    arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    registryId: account,
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
  }),
  "aws:ecs/taskDefinition:TaskDefinition": (_, { family }) => ({
    arn: `arn:aws:ecs:${region}:${account}:task-definition/${String(family)}:1`,
  }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({ dnsName: `${name}.elb.amazonaws.com` }),
  "aws:s3/bucket:Bucket": (name) => ({ arn: `arn:aws:s3:::${name}`, bucket: name }),
  "docker:index/image:Image": (_, { imageName }) => ({
    repoDigest: `${String(imageName).split(":")[0]}@sha256:${"a".repeat(64)}`,
  }),
  "gcp:cloudrunv2/service:Service": (_, inputs) => {
    const host = `${String(inputs.name)}-uid-ew.a.run.app`;
    return {
      uri: `https://${host}`,
      trafficStatuses: [{ tag: "candidate", uri: `https://candidate---${host}`, percent: 0 }],
    };
  },
  "gcp:serviceaccount/account:Account": (_, { accountId, project }) => {
    const email = `${String(accountId)}@${String(project)}.iam.gserviceaccount.com`;
    return {
      email,
      name: `projects/${String(project)}/serviceAccounts/${email}`,
    };
  },
  "random:index/randomId:RandomId": () => ({ hex: "0badcafe" }),
  "random:index/randomPassword:RandomPassword": () => ({ result: "test-header-secret" }),
  "rollout:index:Promotion": (_, { release }) => ({
    live: { release, revision: "platform:1", since: "2026-01-01T00:00:00Z" },
  }),
};

/** Outputs of a resource on mocks. */
export function cloudOutputs(type: string, name: string, inputs: Inputs): Inputs {
  const kind = type.split(":").at(-1) ?? "";
  return {
    arn: `arn:aws:${type.split(/[:/]/)[1]}:${region}:${account}:${kind}/${name}`,
    arnSuffix: `${kind}/${name}`,
    name: inputs.name ?? `${name}-1a2b3c4`,
    ...additions[type]?.(name, inputs),
  };
}

/** Calls that a program may make while it is run, with their answers. */
export const cloudCalls: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
    userName: "AWS",
    password: "registry-password",
    proxyEndpoint: "https://registry",
  },
  "gcp:organizations/getClientConfig:getClientConfig": { accessToken: "registry-password" },
  "pulumi:pulumi:readStackResourceOutputs": { outputs: {} },
};
