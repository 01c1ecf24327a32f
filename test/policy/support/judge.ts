import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

type Props = Record<string, unknown>;

const opts = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

/** What a rule says of one resource. */
export async function judge(
  policy: ResourceValidationPolicy,
  type: string,
  props: Props,
  more: { ignoreChanges?: string[]; config?: object } = {},
): Promise<string[]> {
  const violations: string[] = [];
  const args: ResourceValidationArgs = {
    type,
    props,
    urn: urnOf(type, "it"),
    name: "it",
    opts: { ...opts, ignoreChanges: more.ignoreChanges ?? [] },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: configOf(more.config ?? {}),
    notApplicable,
  };
  const validations = [policy.validateResource ?? []].flat();
  for (const validate of validations) {
    await validate(args, (message) => violations.push(message));
  }
  return violations;
}

/** A resource of a stack: its type, its properties, and by property the names of what it refers to. */
export interface StackResource {
  name: string;
  type: string;
  props?: Props;
  refersTo?: Record<string, string | string[]>;
}

/** What a rule says of a whole stack: `name: message`. */
export async function judgeStack(
  policy: StackValidationPolicy,
  resources: StackResource[],
): Promise<string[]> {
  const violations: string[] = [];
  const all = resources.map(
    ({ name, type, props = {} }): PolicyResource => ({
      type,
      props,
      urn: urnOf(type, name),
      name,
      opts,
      dependencies: [],
      propertyDependencies: {},
      isType: () => false,
      asType: () => undefined,
    }),
  );
  resources.forEach(({ refersTo = {} }, index) => {
    for (const [property, names] of Object.entries(refersTo)) {
      const targets = all.filter((it) => [names].flat().includes(it.name));
      const resource = all[index];
      if (resource) resource.propertyDependencies[property] = targets;
    }
  });
  await policy.validateStack(
    {
      resources: all,
      stackTags: new Map(),
      getConfig: configOf({}),
      notApplicable,
    },
    (message, urn) => violations.push(`${urn?.split("::").at(-1)}: ${message}`),
  );
  return violations;
}

/** A rule asks for its configuration in a type that only it knows. */
function configOf(config: object): ResourceValidationArgs["getConfig"] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters -- as the SDK does it
  return <T extends object>() => config as T;
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::symphainy::${type}::${name}`;
}

function notApplicable(reason?: string): never {
  throw new Error(`not applicable: ${reason}`);
}
