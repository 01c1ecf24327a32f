import type { DeliveredTemplate } from "./deliveredService.ts";
import { onlyKnown } from "./deliveryUnknown.ts";

type Container = NonNullable<DeliveredTemplate["containers"]>[number];
type Variable = NonNullable<Container["envs"]>[number];

/**
 * A container of the second API in the words of the first.
 *
 * @param image - its name, which Cloud Deploy replaces.
 * @param own - variables that stand above the container's own of the same name.
 */
export function convertContainer(
  where: string,
  container: Container,
  image: string,
  own: Readonly<Record<string, string>>,
) {
  const { name, image: _declared, envs = [], ports, resources, ...rest } = container;
  const { startupProbe, livenessProbe, readinessProbe, commands, args, ...unknown } = rest;
  onlyKnown(`${where}, container`, unknown);
  const variables = envs.filter((variable) => !(variable.name in own));
  return {
    ...(name !== undefined && { name }),
    image,
    ...(commands && { command: commands }),
    ...(args && { args }),
    ...(ports && { ports: [ports] }),
    env: [
      ...variables.map((variable) => convertVariable(where, variable)),
      ...Object.entries(own).map(([key, value]) => ({ name: key, value })),
    ],
    ...(resources?.limits && { resources: { limits: resources.limits } }),
    ...(startupProbe && { startupProbe }),
    ...(livenessProbe && { livenessProbe }),
    ...(readinessProbe && { readinessProbe }),
  };
}

/** What names the secrets of a revision: a manifest knows them by a short name and this annotation. */
export function secretAliases(where: string, envs: readonly Variable[]): Record<string, string> {
  const aliases = new Map<string, string>();
  for (const { secret } of envs.flatMap(({ valueSource }) => valueSource?.secretKeyRef ?? [])) {
    if (!secret.includes("/")) continue;
    const alias = shortName(secret);
    const other = aliases.get(alias);
    if (other !== undefined && other !== secret) {
      throw new Error(
        `${where} has the secrets ${other} and ${secret}, whose short names are the same: ` +
          "a manifest can't tell them apart. Rename one of them.",
      );
    }
    aliases.set(alias, secret);
  }
  if (aliases.size === 0) return {};
  const list = [...aliases].map(([alias, secret]) => `${alias}:${secret}`).toSorted();
  return { "run.googleapis.com/secrets": list.join(",") };
}

function convertVariable(where: string, { name, value, valueSource }: Variable) {
  if (valueSource === undefined) return { name, value: value ?? "" };
  const { secretKeyRef } = valueSource;
  if (!secretKeyRef) throw new Error(`${where}: the source of ${name} is no secret.`);
  const { secret, version = "latest" } = secretKeyRef;
  return { name, valueFrom: { secretKeyRef: { name: shortName(secret), key: version } } };
}

function shortName(secret: string): string {
  return secret.slice(secret.lastIndexOf("/") + 1);
}
