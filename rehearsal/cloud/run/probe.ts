import { get } from "node:http";
import { connect } from "node:net";
import type { RunProbe } from "./resources.ts";

/** What Cloud Run asks where nobody says otherwise: whether somebody listens, for four minutes. */
export const defaultStartupProbe: RunProbe = {
  tcpSocket: {},
  timeoutSeconds: 240,
  periodSeconds: 240,
  failureThreshold: 1,
};

export interface Probed {
  /** Loopback port of the process. */
  port: number;
  /** The port that the container was told. */
  containerPort: number;
}

/**
 * One attempt of a probe. An HTTP probe passes with a status of 200 to 399 ("Configure container health checks").
 *
 * Its time-out is real time: a real process has to answer.
 *
 * @param anyAnswer - passes whatever the status. Default: false.
 */
export function probe(
  { httpGet, tcpSocket, timeoutSeconds = 1 }: RunProbe,
  { port, containerPort }: Probed,
  anyAnswer = false,
): Promise<boolean> {
  const asked = httpGet?.port || tcpSocket?.port || containerPort;
  // Nothing else of the container can be reached on loopback.
  if (asked !== containerPort) return Promise.resolve(false);
  const milliseconds = timeoutSeconds * 1000;
  return httpGet
    ? answers(port, httpGet, milliseconds, anyAnswer)
    : listens(port, Math.min(milliseconds, connectMs));
}

/** A connection on loopback is there at once or not at all. */
const connectMs = 1000;

function answers(
  port: number,
  { path = "/", httpHeaders = [] }: NonNullable<RunProbe["httpGet"]>,
  milliseconds: number,
  anyAnswer: boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const own = Object.fromEntries(httpHeaders.map(({ name = "", value = "" }) => [name, value]));
    const headers = { "user-agent": "GoogleHC/1.0", connection: "close", ...own };
    const request = get({ host: "127.0.0.1", port, path, headers, agent: false });
    const timer = setTimeout(() => end(false), milliseconds);
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      response.on("end", () => end(anyAnswer || (status >= 200 && status < 400)));
      response.on("error", () => end(false));
    });
    request.on("error", () => end(false));

    function end(passed: boolean) {
      clearTimeout(timer);
      request.destroy();
      resolve(passed);
    }
  });
}

function listens(port: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const timer = setTimeout(() => end(false), milliseconds);
    socket.on("connect", () => end(true)).on("error", () => end(false));

    function end(connected: boolean) {
      clearTimeout(timer);
      socket.destroy();
      resolve(connected);
    }
  });
}
