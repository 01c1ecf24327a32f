import type { DeliveredTemplate } from "../../../../components/gcp/deliveredService.ts";

/** A revision as the target declares it. */
export const deliveredTemplate: DeliveredTemplate = {
  serviceAccount: "run@p.iam.gserviceaccount.com",
  timeout: "300s",
  maxInstanceRequestConcurrency: 80,
  scaling: { minInstanceCount: 1, maxInstanceCount: 4 },
  labels: { release: "0123456789ab" },
  containers: [
    {
      image: `r/platform@sha256:${"0".repeat(64)}`,
      ports: { containerPort: 8000 },
      envs: [
        { name: "LOG_LEVEL", value: "INFO" },
        {
          name: "TOKEN",
          valueSource: { secretKeyRef: { secret: "projects/p/secrets/token", version: "3" } },
        },
        { name: "RELEASE_ID", value: "0123456789ab" },
      ],
      resources: { limits: { cpu: "1", memory: "512Mi" }, cpuIdle: true, startupCpuBoost: true },
      startupProbe: {
        httpGet: { path: "/health", port: 8000 },
        periodSeconds: 5,
        timeoutSeconds: 2,
        failureThreshold: 20,
      },
      livenessProbe: { httpGet: { path: "/health" }, periodSeconds: 30, failureThreshold: 3 },
      readinessProbe: {
        httpGet: { path: "/health" },
        periodSeconds: 5,
        successThreshold: 2,
        failureThreshold: 2,
      },
    },
  ],
};
