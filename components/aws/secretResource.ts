/** What reading one configured secret takes. */
export interface SecretResource {
  action: "secretsmanager:GetSecretValue" | "ssm:GetParameters";
  /** ARN without what a `valueFrom` may name besides: key, stage and version. */
  resource: string;
}

/**
 * Finds the permission that a `valueFrom` reference needs.
 *
 * @throws when the ARN is of neither a Secrets Manager secret nor an SSM parameter.
 */
export function secretResource(arn: string): SecretResource {
  const parts = arn.split(":");
  const [, , service, , , kind] = parts;
  // arn:aws:secretsmanager:region:account:secret:name[:key:stage:version]
  if (service === "secretsmanager" && kind === "secret" && parts[6]) {
    return { action: "secretsmanager:GetSecretValue", resource: parts.slice(0, 7).join(":") };
  }
  // arn:aws:ssm:region:account:parameter/name[:version]
  if (service === "ssm" && kind?.startsWith("parameter/")) {
    return { action: "ssm:GetParameters", resource: parts.slice(0, 6).join(":") };
  }
  throw new Error(
    `secret ${arn} is neither arn:aws:secretsmanager:<region>:<account>:secret:<name> ` +
      "nor arn:aws:ssm:<region>:<account>:parameter/<name>.",
  );
}
