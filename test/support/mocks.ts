import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { cloudCalls, cloudOutputs } from "./cloudOutputs.ts";
import { type Plain, plain } from "./plainProperties.ts";

/** A resource that a program under test registered, as the engine would have been told of it. */
export interface Registered {
  type: string;
  name: string;
  /** Undefined for a child of the stack. */
  parent: string | undefined;
  /** Inputs without their wrappings; {@link secrets} says which of them were secret. */
  inputs: { [key: string]: Plain };
  /** Paths of secret inputs, such as `gate.header.value`. */
  secrets: string[];
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  /** Names of the resources that it waits for, because an input says so or `dependsOn` does. */
  dependencies: string[];
  /** Names of hooks that run before an update. */
  beforeUpdate: string[];
}

/** What a program under test did. */
export interface Recording<T> {
  result: T;
  resources: Registered[];
  invokes: { token: string; inputs: Record<string, unknown> }[];
}

/** Runs a program against mocks and waits until all of it has been registered. */
export async function record<T>(program: () => T | Promise<T>): Promise<Recording<T>> {
  const resources: Registered[] = [];
  const invokes: Recording<T>["invokes"] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => ({
        id: custom === false ? undefined : `${name}-id`,
        state: { ...inputs, ...(custom === false ? {} : cloudOutputs(type, name, inputs)) },
      }),
      call: ({ token, inputs }) => {
        invokes.push({ token, inputs });
        const answer = cloudCalls[token];
        if (!answer) throw new Error(`the program looked up ${token}, which is not allowed to it`);
        return answer;
      },
    },
    "symphainy",
    "test",
    false,
    "organization",
  );
  observe((request) => resources.push(describe(request)));
  const result = await program();
  await pulumi.runtime.disconnect();
  return { result, resources, invokes };
}

/** The one resource of a type, or of a type and a name. */
export function only({ resources }: { resources: Registered[] }, type: string, name?: string) {
  const found = resources.filter(
    (resource) => resource.type === type && (name === undefined || resource.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const names = resources.filter((resource) => resource.type === type).map(({ name }) => name);
    throw new Error(`${found.length} resources ${type} ${name ?? ""}; there are: ${names}`);
  }
  return first;
}

/** The value of an output. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Type of what {@link useOf} registers. */
export const useType = "test:index:Use";

/**
 * Registers a resource that uses `input`, so that its dependencies show what a user of it waits
 * for.
 */
export function useOf(input: pulumi.Input<unknown>): pulumi.CustomResource {
  return new Use("use", { input });
}

class Use extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs) {
    super(useType, name, inputs);
  }
}

interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: unknown): void;
  registerResourceHook?(request: unknown, callback: (error: null, answer: object) => void): void;
  registerErrorHook?(request: unknown, callback: (error: null, answer: object) => void): void;
}

/** Mocks are told of inputs only; the options are in the request that they are made from. */
function observe(onRequest: (request: RegisterResourceRequest) => void): void {
  const found: unknown = Reflect.get(pulumi.runtime, "getMonitor").call(pulumi.runtime);
  const monitor = found as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    onRequest(request);
    register(request, callback);
  };
  monitor.registerResourceHook = (_request, callback) => callback(null, {});
  monitor.registerErrorHook = (_request, callback) => callback(null, {});
}

function describe(request: RegisterResourceRequest): Registered {
  const { value, secrets } = plain(request.getObject()?.toJavaScript() ?? {});
  return {
    type: request.getType(),
    name: request.getName(),
    parent: nameIn(request.getParent()),
    inputs: value,
    secrets,
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    dependencies: request
      .getDependenciesList()
      .map((urn) => nameIn(urn) ?? "")
      .toSorted(),
    beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
  };
}

/** `type name`, such as `aws:ec2/vpc:Vpc symphainy`. */
function nameIn(urn: string): string | undefined {
  const [, , types = "", name] = urn.split("::");
  return name === undefined ? undefined : `${types.split("$").pop()} ${name}`;
}
