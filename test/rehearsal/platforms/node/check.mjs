// The container's health check: fails when nobody answers, or when the answer is 503.
import { env, exit } from "node:process";

const response = await fetch(`http://127.0.0.1:${env.PORT || 8000}/health`, {
  signal: AbortSignal.timeout(5000),
});
exit(response.ok ? 0 : 1);
