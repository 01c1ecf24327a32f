import { createHash } from "node:crypto";
import { type Clock, systemClock } from "../../provider/clock.ts";
import { AwsError } from "../cloud/awsError.ts";
import { type Properties, unknown, valuesAt } from "./properties.ts";
import type { ResourceRules } from "./resourceRules.ts";
import type { Services } from "./services.ts";

export interface WorldArgs {
  /** Fixes every id and every made-up name. */
  seed: number;
  region: string;
  /** Default: 123456789012. */
  account?: string;
  /** What waits go by. Default: the wall's. */
  clock?: Clock;
  /** What the behaving types act on. A type whose service is missing fails, naming it. */
  services?: Partial<Services>;
}

/** A resource as it stands. Inputs and outputs are without secrets' wrapping. */
export interface Existing {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** A resource of the emulated cloud, as the program made it. */
export interface Resource extends Existing {
  type: ResourceRules;
  urn: string;
  /** Logical name in the program. */
  name: string;
}

/** Everything that exists in the emulated cloud, and the rules between its parts. */
export class World {
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly partition = "aws";
  #services: Partial<Services>;
  readonly #resources = new Map<string, Resource>();
  readonly #generations = new Map<string, number>();
  readonly #madeUp = new Set<string>();
  readonly #kept: string[] = [];

  constructor({ seed, region, account = "123456789012", clock, services = {} }: WorldArgs) {
    this.seed = seed;
    this.region = region;
    this.account = account;
    this.clock = clock ?? systemClock;
    this.#services = services;
  }

  /** Adds services that themselves need the world to be made. */
  provide(services: Partial<Services>): void {
    this.#services = { ...this.#services, ...services };
  }

  /** Where a subnet is, for whatever runs in it. */
  subnet(id: string): { id: string; cidrBlock: string; availabilityZone: string } | undefined {
    const subnet = this.get("aws:ec2/subnet:Subnet", id);
    if (!subnet) return undefined;
    const { cidrBlock, availabilityZone } = subnet.outputs;
    return { id, cidrBlock: String(cidrBlock), availabilityZone: String(availabilityZone) };
  }

  service<Name extends keyof Services>(name: Name): Services[Name] {
    const service = this.#services[name];
    if (service) return service;
    throw new Error(
      `The world was made without the service "${name}". Pass it: world.provide({ ${name} }).`,
    );
  }

  /** @param key - id, or the value of the output that the type's `key` names. */
  get(token: string, key: string): Resource | undefined {
    return this.#resources.get(keyOf(token, key));
  }

  list(token?: string): Resource[] {
    const all = [...this.#resources.values()];
    return token === undefined ? all : all.filter((resource) => resource.type.token === token);
  }

  add(resource: Resource): void {
    const { type, id, outputs } = resource;
    this.#resources.set(keyOf(type.token, resourceKey(type, id, outputs)), resource);
  }

  /** Forgets a resource; what needs it is not asked. */
  remove(token: string, key: string): void {
    this.#resources.delete(keyOf(token, key));
  }

  /** Remembers something that is meant to outlive its resource. */
  keep(what: string): void {
    this.#kept.push(what);
  }

  /** Hex digits made from the seed; the n-th call for a name gives the same in every run. */
  hex(name: string, length: number): string {
    const generation = this.#generations.get(name) ?? 0;
    this.#generations.set(name, generation + 1);
    return this.#digest(`${name}#${generation}`, length);
  }

  /** A name that was never given before; the same until it is taken by {@link takeName}. */
  proposeName(token: string, prefix: string): string {
    for (let generation = 0; ; generation++) {
      const name = `${prefix}-${this.#digest(`${token} ${prefix}#${generation}`, 7)}`;
      if (!this.#madeUp.has(keyOf(token, name))) return name;
    }
  }

  takeName(token: string, name: string): void {
    this.#madeUp.add(keyOf(token, name));
  }

  /** @throws AwsError with the type's own code, when something that `inputs` names does not exist. */
  checkReferences(type: ResourceRules, inputs: Properties): void {
    for (const { path, to, by = "id", given = [], missing } of type.references ?? []) {
      for (const value of valuesAt(inputs, path)) {
        if (value === unknown || given.includes(String(value))) continue;
        if (this.#find(to, by, value)) continue;
        throw new AwsError(missing, `${path} names '${value}', which does not exist.`);
      }
    }
  }

  /** @throws AwsError with the type's own code, when another resource of the type has the name. */
  checkUnique(type: ResourceRules, inputs: Properties): void {
    if (!type.unique) return;
    const { property, within, taken } = type.unique;
    const value = inputs[property];
    if (value === undefined) return;
    const other = this.list(type.token).find(
      (resource) =>
        resource.inputs[property] === value &&
        (within === undefined || resource.inputs[within] === inputs[within]),
    );
    if (other) throw new AwsError(taken, `${property} '${value}' is taken by '${other.id}'.`);
  }

  /** @throws AwsError with the type's own code, while another resource needs this one. */
  checkUnused(resource: Resource): void {
    const holder = this.list().find(
      (other) => other !== resource && this.#holds(other, resource) && !isPart(other, resource),
    );
    if (!holder) return;
    throw new AwsError(
      resource.type.inUse ?? "DependencyViolation",
      `'${resource.id}' can't be deleted: ${holder.type.token} '${holder.id}' needs it.`,
    );
  }

  /** What exists: resources of the program, and what the services run for them. One line each. */
  inventory(): string[] {
    const resources = this.list().map(
      ({ type, id, outputs }) => `${type.token} ${resourceKey(type, id, outputs)}`,
    );
    const { loadBalancing, ecs, autoScaling, run } = this.#services;
    const running = [loadBalancing, ecs, autoScaling, run].flatMap(
      (part) => part?.inventory?.() ?? [],
    );
    return [...resources, ...running];
  }

  /** What was deleted in the program and lives on as it was asked to: task definitions with `skipDestroy`. */
  kept(): string[] {
    return [...this.#kept];
  }

  #find(tokens: string[], by: string, value: unknown): Resource | undefined {
    return this.list().find(
      ({ type, id, outputs }) =>
        tokens.includes(type.token) && (by === "id" ? id : outputs[by]) === value,
    );
  }

  #holds(other: Resource, resource: Resource): boolean {
    return (other.type.references ?? []).some(({ path, to, by = "id", holds = true }) => {
      if (!holds || !to.includes(resource.type.token)) return false;
      const named = by === "id" ? resource.id : resource.outputs[by];
      return named !== undefined && valuesAt(other.inputs, path).includes(named);
    });
  }

  #digest(text: string, length: number): string {
    return createHash("sha256").update(`${this.seed} ${text}`).digest("hex").slice(0, length);
  }
}

/** What a resource is found by. */
export function resourceKey(type: ResourceRules, id: string, outputs: Properties): string {
  return type.key === undefined ? id : String(outputs[type.key]);
}

function keyOf(token: string, id: string): string {
  return `${token} ${id}`;
}

/** A rule of a security group about the group itself goes with it. */
function isPart(other: Resource, resource: Resource): boolean {
  return other.inputs.securityGroupId === resource.id;
}
