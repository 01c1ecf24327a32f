/**
 * Labels of a resource on Google Cloud, which are what tags are elsewhere: lower-case letters, digits, `_` and `-`, at
 * most 63 of them.
 */
export type Labels = Readonly<Record<string, string>>;
