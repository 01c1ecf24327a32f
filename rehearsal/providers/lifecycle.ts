import { diffInputs } from "./diff.ts";
import {
  conceal,
  containsUnknown,
  isProperties,
  type Properties,
  reveal,
  secret,
  topOf,
  unknown,
  withoutDefaulted,
} from "./properties.ts";
import { type Context, type Created, PartialFailure, type ResourceType } from "./resourceType.ts";
import { type Existing, resourceKey, type World } from "./world.ts";

/** A resource on which an operation works. */
export interface Subject {
  type: ResourceType;
  urn: string;
  /** Logical name in the program. */
  name: string;
  world: World;
}

/** Outputs as a preview shows them for a resource that does not exist yet. */
export function previewCreate({ type }: Subject, inputs: Properties): Properties {
  const outputs = withoutDefaulted(inputs);
  for (const name of type.computed ?? []) outputs[name] ??= unknown;
  return withSecrets(type, outputs, inputs);
}

/** Outputs as a preview shows them for a resource that is about to be updated. */
export function previewUpdate({ type }: Subject, olds: Properties, inputs: Properties): Properties {
  const outputs: Properties = {};
  // What an unfinished creation has left empty stays so in a preview.
  for (const name of type.computed ?? []) outputs[name] = name in olds ? olds[name] : unknown;
  Object.assign(outputs, withoutDefaulted(inputs));
  for (const name of type.recomputed ?? []) outputs[name] = unknown;
  return withSecrets(type, outputs, inputs);
}

/** @throws PartialFailure, AwsError or whatever else the type's own creation throws. */
export async function create(subject: Subject, wrapped: Properties): Promise<Created> {
  const { type, world, urn, name } = subject;
  const inputs = reveal(wrapped);
  world.checkReferences(type, inputs);
  world.checkUnique(type, inputs);
  if (type.naming) world.takeName(type.token, String(inputs[type.naming.property ?? "name"]));
  const keep = ({ id, outputs }: Created): Created => {
    const all = { ...withoutDefaulted(inputs), ...outputs };
    world.add({ type, urn, name, id, inputs, outputs: all });
    return { id, outputs: withSecrets(type, all, wrapped) };
  };
  try {
    return keep(await type.create(inputs, contextOf(subject)));
  } catch (error) {
    if (error instanceof PartialFailure)
      throw new PartialFailure(error.message, keep(error.created));
    throw error;
  }
}

export async function update(
  subject: Subject,
  id: string,
  olds: { inputs: Properties; outputs: Properties },
  wrapped: Properties,
): Promise<Properties> {
  const { type, world, urn, name } = subject;
  const inputs = reveal(wrapped);
  const before = reveal(olds.inputs);
  const known = world.get(type.token, resourceKey(type, id, reveal(olds.outputs)));
  if (!known) throw new Error(`${type.token} '${id}' does not exist; run \`pulumi refresh\`.`);
  world.checkReferences(type, inputs);
  const changed = new Set(diffInputs(type, before, inputs).map(({ path }) => topOf(path)));
  // What a refresh has found stands in the state alone.
  const last = { ...known.outputs, ...reveal(olds.outputs) };
  const existing: Existing = { id, inputs, outputs: last };
  const computed = Object.entries(known.outputs).filter(([key]) => !(key in before));
  const keep = (outputs: Properties | undefined): Properties => {
    const all = { ...Object.fromEntries(computed), ...withoutDefaulted(inputs), ...outputs };
    world.add({ type, urn, name, id, inputs, outputs: all });
    return withSecrets(type, all, wrapped);
  };
  try {
    return keep(await type.update?.({ ...existing, before, changed }, contextOf(subject)));
  } catch (error) {
    if (error instanceof PartialFailure)
      throw new PartialFailure(error.message, { id, outputs: keep(error.created.outputs) });
    throw error;
  }
}

/** Deleting what is gone already is no error. */
export async function remove(
  subject: Subject,
  id: string,
  state: { inputs: Properties; outputs: Properties },
): Promise<void> {
  const { type, world } = subject;
  const key = resourceKey(type, id, reveal(state.outputs));
  const resource = world.get(type.token, key);
  if (!resource) return;
  world.checkUnused(resource);
  // What the state holds counts: a changed `forceDelete` may have come without a call to the cloud.
  await type.delete?.({ ...resource, inputs: reveal(state.inputs) }, contextOf(subject));
  world.remove(type.token, key);
}

/** @returns undefined when the resource is gone. */
export async function read(
  subject: Subject,
  id: string,
  state: { inputs: Properties; outputs: Properties },
): Promise<{ inputs: Properties; outputs: Properties } | undefined> {
  const { type, world } = subject;
  const key = resourceKey(type, id, reveal(state.outputs));
  const resource = world.get(type.token, key);
  if (!resource) return undefined;
  const live = type.read ? await type.read(resource, contextOf(subject)) : {};
  if (!live) {
    world.remove(type.token, key);
    return undefined;
  }
  const outputs = { ...resource.outputs, ...live };
  const inputs = { ...resource.inputs };
  for (const name of Object.keys(state.inputs)) {
    const value = live[name];
    if (value !== undefined) inputs[name] = shapedLike(value, resource.inputs[name]);
  }
  return {
    inputs: conceal(inputs, state.inputs),
    outputs: withSecrets(type, outputs, state.inputs),
  };
}

function contextOf({ world, name, urn, type }: Subject): Context {
  return { world, name, urn, hex: (length) => world.hex(`${type.token} ${name}`, length) };
}

function withSecrets(type: ResourceType, outputs: Properties, inputs: Properties): Properties {
  const concealed = conceal(reveal(outputs), inputs);
  for (const name of type.secrets ?? []) {
    const value = outputs[name];
    if (value !== undefined && value !== null) concealed[name] = secret(reveal(value));
  }
  return concealed;
}

/** Live values hold what the program never said; only what it said counts as drift. */
function shapedLike<T extends Properties[string]>(live: T, said: Properties[string]): T;
function shapedLike(live: Properties[string], said: Properties[string]): Properties[string] {
  if (containsUnknown(said)) return live;
  if (Array.isArray(live) && Array.isArray(said)) {
    return live.map((item, index) => shapedLike(item, said[index]));
  }
  if (isProperties(live) && isProperties(said)) {
    const names = Object.keys(said);
    return Object.fromEntries(names.map((name) => [name, shapedLike(live[name], said[name])]));
  }
  return live;
}
