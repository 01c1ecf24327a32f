/** What the cloud holds every resource of a type to, as the world enforces it. */
export interface ResourceRules {
  /** The engine's name of it: `aws:ec2/vpc:Vpc`. */
  token: string;
  /** Output that tells resources with the same id apart: revisions of one task definition have one. */
  key?: string;
  /** Inputs that name other resources. */
  references?: Reference[];
  /** Two resources of the type can't have the same name at the same time. */
  unique?: Unique;
  /** Error with which the cloud refuses to delete it while something needs it. Default: DependencyViolation. */
  inUse?: string;
}

export interface Reference {
  /** Input that names another resource: `networkConfiguration.subnets[]`. */
  path: string;
  /** Types of which it may be. */
  to: string[];
  /** Output of the other one that must equal the input. Default: id. */
  by?: string;
  /** Values of which every account has one. @default none */
  given?: readonly string[];
  /** Error when it does not exist. */
  missing: string;
  /** Whether the other one can't be deleted while this one exists. Default: true. */
  holds?: boolean;
}

export interface Unique {
  property: string;
  /** Another input within whose value the name must be unique. Default: within the whole account. */
  within?: string;
  /** Error when the name is taken. */
  taken: string;
}
