import type { Properties } from "../properties.ts";
import type { Failure, ResourceType } from "../resourceType.ts";
import { object } from "../values.ts";
import { google, locationOf } from "./shared.ts";

/** Cloud Build. Triggers are kept and checked; nothing is built. */
export const cloudBuildTypes: ResourceType[] = [
  google({
    token: "gcp:cloudbuild/trigger:Trigger",
    kind: "inert",
    rules: {
      name: {
        pattern: [
          /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?$/,
          "at most 64 letters, digits and hyphens, beginning and ending with a letter or digit",
        ],
      },
      includeBuildLogs: { oneOf: ["INCLUDE_BUILD_LOGS_WITH_STATUS"] },
      serviceAccount: {
        pattern: [
          /^projects\/[^/]+\/serviceAccounts\/[^/]+$/,
          "projects/PROJECT/serviceAccounts/ID",
        ],
      },
      "repositoryEventConfig.repository": {
        pattern: [
          /^projects\/[^/]+\/locations\/[^/]+\/connections\/[^/]+\/repositories\/[^/]+$/,
          "projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY",
        ],
      },
    },
    validate: checkTrigger,
    replaceOn: ["location"],
    ignoreOn: ["deletionPolicy"],
    computed: ["createTime", "triggerId"],
    create: (inputs, { world, hex }) => {
      const triggerId = hex(32);
      const place = locationOf(inputs, world);
      return {
        id: `${place}/triggers/${triggerId}`,
        outputs: { createTime: "2026-01-01T00:00:00Z", triggerId },
      };
    },
  }),
];

/** Something starts it, of its own region, and something says what is built. */
function checkTrigger(inputs: Properties): Failure[] {
  const has = (key: string) => inputs[key] !== undefined && inputs[key] !== null;
  const failures: Failure[] = [];
  const starts = [
    "triggerTemplate",
    "github",
    "pubsubConfig",
    "webhookConfig",
    "sourceToBuild",
    "repositoryEventConfig",
    "bitbucketServerTriggerConfig",
    "developerConnectEventConfig",
  ];
  if (!starts.some(has)) {
    const reason = `one of ${starts.join(", ")} must be there`;
    failures.push({ property: "repositoryEventConfig", reason });
  }
  if (["build", "filename", "gitFileSource"].filter(has).length !== 1) {
    const reason = "exactly one of build, filename and gitFileSource must be there";
    failures.push({ property: "filename", reason });
  }
  const { repository = "" } = object(inputs.repositoryEventConfig) ?? {};
  const [, region] = /\/locations\/([^/]+)\//.exec(String(repository)) ?? [];
  if (region !== undefined && region !== (inputs.location ?? "global")) {
    const reason = `the repository is connected in ${region}, and the trigger is in ${String(inputs.location ?? "global")}`;
    failures.push({ property: "repositoryEventConfig", reason });
  }
  const wrong = Object.keys(object(inputs.substitutions) ?? {}).find(
    (key) => !/^_[A-Z0-9_]+$/.test(key),
  );
  if (wrong !== undefined) {
    const reason = `substitution ${wrong}: names begin with _ and have capitals, digits and _`;
    failures.push({ property: "substitutions", reason });
  }
  return failures;
}
