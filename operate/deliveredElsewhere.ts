import { CannotDo } from "./cannotDo.ts";
import type { CloudDeployServiceInState } from "./serviceInState.ts";
import { table } from "./table.ts";

/** Why nothing can be told of a service, or done to it, here; and who can. */
export function deliveredElsewhere({
  service,
  pipeline,
  project,
  region,
}: Pick<CloudDeployServiceInState, "service" | "pipeline" | "project" | "region">): CannotDo {
  const place = `--delivery-pipeline ${pipeline} --region ${region} --project ${project}`;
  const rows = [
    ["what there is", `gcloud deploy releases list ${place}`],
    ["how far one is", `gcloud deploy rollouts list --release RELEASE ${place}`],
    ["let it go on", `gcloud deploy rollouts approve ROLLOUT --release RELEASE ${place}`],
    ["stop it", `gcloud deploy rollouts cancel ROLLOUT --release RELEASE ${place}`],
    ["go back", `gcloud deploy targets rollback ${pipeline} ${place}`],
  ];
  return new CannotDo(
    `Cloud Deploy owns the releases of ${service} (symphainy:delivery is cloudDeploy), and nothing of them is known ` +
      `here. Ask it:\n${table(rows, 2)}`,
  );
}
