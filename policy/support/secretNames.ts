/** Names of variables that hold secrets; `_FILE`, `_ARN` and the like only say where one is. */
const secretName =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** Whether a variable's name says that its value is nobody's business. */
export function looksSecret(variable: string): boolean {
  return secretName.test(variable);
}
