import { createServer } from "node:http";
import { env } from "node:process";

const thresholdPercent = Number(env.HEALTH_THRESHOLD_PERCENT || 80);
const release = env.RELEASE_ID || "unreleased";

/** What has to work for the service to be healthy; each answers true or false. */
const checks = { greeting: () => true };

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/health") {
    const services = Object.fromEntries(
      Object.entries(checks).map(([name, check]) => [name, check()]),
    );
    const healthy = Object.values(services).filter(Boolean).length;
    const percentage = (100 * healthy) / Object.keys(services).length;
    const status = percentage >= thresholdPercent ? 200 : 503;
    answer(response, status, { health_percentage: percentage, services });
  } else if (pathname === "/") answer(response, 200, { greeting: "hello" });
  else answer(response, 404, { error: "not found" });
});

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json", "x-release-id": release });
  response.end(JSON.stringify(body));
}

// Node's own 5 s are shorter than the load balancer's idle time-out: it would answer 502.
server.keepAliveTimeout = Number(env.KEEP_ALIVE_SECONDS || 75) * 1000;
server.listen(Number(env.PORT || 8000), "0.0.0.0");

// What is in flight is finished; then nothing is left to do, and the process ends.
process.on("SIGTERM", () => server.close());
