/**
 * The ECR repository that an image reference names; undefined for any other registry, whose images
 * have to be public.
 *
 * @param reference - such as
 *   `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/platform@sha256:…`
 */
export function repositoryOf(reference: string): string | undefined {
  const match =
    /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^@:]+)@/.exec(
      reference,
    );
  if (match?.groups === undefined) return undefined;
  const { region, account, name } = match.groups;
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}
