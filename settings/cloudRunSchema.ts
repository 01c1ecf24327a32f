import { z } from "zod";
import { oneOf, text, whole } from "./fields.ts";

const flag = (description: string, byDefault: boolean) =>
  z.boolean().default(byDefault).meta({ description, allowed: "true or false" });

const name = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";

const networkSchema = z.strictObject({
  network: text(new RegExp(`^(projects/[a-z0-9:.-]+/global/networks/)?${name}$`), {
    description: "VPC network that instances have one foot in.",
    allowed: "the name of a network, or projects/PROJECT/global/networks/NAME",
  }),
  subnetwork: text(
    new RegExp(`^(projects/[a-z0-9:.-]+/regions/[a-z0-9-]+/subnetworks/)?${name}$`),
    {
      description:
        "Subnetwork that their addresses are from; in the stack's region, and of /26 or larger.",
      allowed: "the name of a subnetwork, or projects/PROJECT/regions/REGION/subnetworks/NAME",
    },
  ),
  egress: oneOf(
    ["privateRanges", "all"],
    "What leaves by it: what is for private addresses, or everything.",
  ).default("privateRanges"),
});

/** `symphainy:cloudRun`. */
export const cloudRunSchema = z.strictObject({
  public: flag(
    "Whether everybody may send requests; else only who is an invoker, and the gate and the proof need an identity token.",
    true,
  ),
  ingress: oneOf(
    ["all", "internal", "internalAndLoadBalancer"],
    "Where requests may come from. What is not all keeps the gate out as well, unless it runs inside.",
  ).default("all"),
  concurrency: whole(1, 1000, "requests", "Requests that an instance takes at once.").default(80),
  cpuBoost: flag("Whether an instance has more CPU while it starts.", true),
  cpuAlwaysAllocated: flag(
    "Whether instances have CPU between requests too, and are paid for by the time that they exist.",
    false,
  ),
  network: networkSchema.optional().meta({
    description: "Direct VPC egress, such as to a database.",
    allowed: "a map with network and subnetwork",
  }),
  deletionProtection: flag(
    "Whether the services refuse to be deleted; set it for production.",
    false,
  ),
  requestTimeoutSeconds: whole(
    1,
    3600,
    "seconds",
    "How long a request may take before Cloud Run answers it with a 504.",
  ).default(300),
  notificationChannels: z
    .array(
      text(/^projects\/[a-z0-9:.-]+\/notificationChannels\/\d+$/, {
        description: "A channel that is told about alarms.",
        allowed: "projects/PROJECT/notificationChannels/NUMBER",
      }),
    )
    .max(16)
    .default([])
    .meta({
      description: "Channels of Cloud Monitoring that are told about alarms.",
      allowed: "a list of at most 16 names of channels",
    }),
  enableApis: flag(
    "Whether the APIs that are used are enabled; they stay so when the stack is destroyed. Without it somebody has to have done that.",
    true,
  ),
});
