/** Tokens by which a private service knows who asks. */
export interface IdentityTokens {
  /**
   * @param audience - for which it is: the URL of the service.
   * @throws NoIdentity where there will be none; any other error where there may be one later.
   */
  tokenFor(audience: string, signal: AbortSignal): Promise<string>;
}

/** Whoever runs the promotion has no identity that a service could be shown. */
export class NoIdentity extends Error {
  override readonly name = "NoIdentity";
}
