/** Cookies of target-level stickiness; the second is for requests from other sites. */
const cookieName = "AWSALB";
const crossSiteName = "AWSALBCORS";
/** How long a client keeps them, whatever the group's duration (AWS, "Sticky sessions": seven days). */
const keptMs = 7 * 24 * 3600 * 1000;

/** What a cookie says. AWS encrypts it; here nobody gains anything by making one up. */
export interface Session {
  /** ARN of the target group. */
  group: string;
  /** The registration of a target in it. */
  target: string;
  /** Cloud time of the response that set it, in milliseconds since the Unix epoch. */
  at: number;
}

/** The session of a request; undefined when it has none, or none that can be read. */
export function sessionOf(cookies: string | undefined): Session | undefined {
  const values = new Map(
    (cookies ?? "").split(/;\s*/).map((cookie) => {
      const [name = "", ...value] = cookie.split("=");
      return [name.trim(), value.join("=")];
    }),
  );
  const value = values.get(cookieName) ?? values.get(crossSiteName);
  if (value === undefined) return undefined;
  const [group, target, at] = Buffer.from(value, "base64url").toString("utf8").split(" ");
  if (!group || !target || !Number.isFinite(Number(at))) return undefined;
  return { group, target, at: Number(at) };
}

/** `Set-Cookie` headers, as a flat list of names and values. */
export function sessionHeaders({ group, target, at }: Session): string[] {
  const value = Buffer.from(`${group} ${target} ${at}`).toString("base64url");
  const rest = `Expires=${new Date(Date.now() + keptMs).toUTCString()}; Path=/`;
  return [
    "Set-Cookie",
    `${cookieName}=${value}; ${rest}`,
    "Set-Cookie",
    `${crossSiteName}=${value}; ${rest}; SameSite=None`,
  ];
}
