import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { deliveryConfiguration } from "./deliveryConfiguration.ts";

/** `node tools/deliveryYaml.ts` writes `clouddeploy.yaml` anew. */
const header = `# What the program makes for \`symphainy:delivery: cloudDeploy\`, with the default rollout as a CANARY, in the form that
# \`gcloud deploy apply --file clouddeploy.yaml\` takes: to read, or to start from without Pulumi. Put real names in place
# of the words in capitals. Written by \`node tools/deliveryYaml.ts\`; what runs is components/gcp/deliveryPipeline.ts.
`;

writeFileSync(
  join(import.meta.dirname, "../clouddeploy.yaml"),
  header +
    deliveryConfiguration()
      .map((document) => stringify(document, { lineWidth: 0 }))
      .join("---\n"),
);
