import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Sends a request over a connection of its own; rejects when no complete response comes. */
export function ask(
  url: string,
  { method = "GET", headers = {}, body }: AskOptions = {},
): Promise<Answer> {
  return complete(request(url, { method, headers, agent: false }), body);
}

interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** An upload whose body the caller writes piece by piece. */
export function upload(url: string): { request: ClientRequest; answer: Promise<Answer> } {
  const sent = request(url, { method: "POST", agent: false });
  const answer = received(sent);
  sent.write("first ");
  return { request: sent, answer };
}

/** Sends requests one after the other on one kept connection. */
export function keptConnection(): { ask(url: string): Promise<Answer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (url) => complete(request(url, { agent })),
    close: () => agent.destroy(),
  };
}

function complete(sent: ClientRequest, body?: string): Promise<Answer> {
  const answer = received(sent);
  sent.end(body);
  return answer;
}

function received(sent: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
  });
}
