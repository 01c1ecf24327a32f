export type * from "./settings/types.ts";
