/** A secret of Secret Manager, and which version of it is meant. */
export interface SecretVersion {
  /** Id, or number, of the project that has it. */
  project: string;
  /** Its name in that project. */
  secret: string;
  /** A number, or `latest`: the newest at an instance's start. */
  version: string;
}

/**
 * Reads a configured secret.
 *
 * @throws when it is neither `projects/PROJECT/secrets/SECRET` nor the same with `/versions/VERSION`.
 */
export function secretVersion(reference: string): SecretVersion {
  const match =
    /^projects\/(?<project>[^/]+)\/secrets\/(?<secret>[\w-]+)(\/versions\/(?<version>\d+|latest))?$/.exec(
      reference,
    );
  if (match?.groups === undefined) {
    throw new Error(
      `secret ${reference} is neither projects/<project>/secrets/<secret> ` +
        "nor projects/<project>/secrets/<secret>/versions/<number or latest>.",
    );
  }
  const { project = "", secret = "", version = "latest" } = match.groups;
  return { project, secret, version };
}
