import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReleaseKind, ReleaseOptions } from "../stories/play.ts";

/** By kind of release: how a developer comes to it from the platform, in the folder with its source. */
export const changes: Record<
  ReleaseKind,
  (source: string, options: ReleaseOptions) => Promise<void>
> = {
  good: async () => {},

  broken: async (source) => {
    for (const service of ["insurance_data.py", "vehicle_data.py"]) {
      const file = join(source, "services", service);
      await writeFile(file, `raise RuntimeError("this service is broken on purpose")\n`);
    }
  },

  regressing: (source) => wrap(source, regressing),
  slow: (source, { delaySeconds = 1.2 }) => wrap(source, slow({ delaySeconds, afterSeconds: 0 })),
  aging: (source, { delaySeconds = 1.2, afterSeconds = 20 }) =>
    wrap(source, slow({ delaySeconds, afterSeconds })),
  flapping: (source) => wrap(source, flapping),

  slowStart: (source, { afterSeconds = 1 }) =>
    replace(join(source, "main.py"), {
      "    lifecycle = Lifecycle()\n": `    import time\n\n    time.sleep(${afterSeconds})\n    lifecycle = Lifecycle()\n`,
    }),
  crashLoop: (source, { afterSeconds = 0.5 }) =>
    replace(join(source, "main.py"), {
      "    server.run()\n": `    import threading\n\n    threading.Timer(${afterSeconds}, os._exit, [1]).start()\n    server.run()\n`,
    }),
};

/** Puts an ASGI middleware of the release's own around the whole application. */
async function wrap(source: string, middleware: string): Promise<void> {
  await writeFile(join(source, "release_change.py"), `${head}${middleware}`);
  await replace(join(source, "application.py"), {
    "from lifecycle import Lifecycle\n":
      "from lifecycle import Lifecycle\nfrom release_change import ReleaseChange\n",
    "CloseWhileDraining(application, lifecycle)":
      "CloseWhileDraining(ReleaseChange(application), lifecycle)",
  });
}

/** @throws when a text is not there: the platform's source has changed, and the release would not be what it is called. */
async function replace(file: string, texts: Record<string, string>): Promise<void> {
  let source = await readFile(file, "utf8");
  for (const [old, text] of Object.entries(texts)) {
    if (!source.includes(old)) {
      throw new Error(
        `${file} has no ${JSON.stringify(old)}: the rehearsal changes that text to make a release; adapt rehearsal/stage/releaseKinds.ts.`,
      );
    }
    source = source.replace(old, () => text);
  }
  await writeFile(file, source);
}

const head = `"""What is different in this release; written by the rehearsal."""

import asyncio
import json
import time

PROBES = {"/health", "/live", "/ready", "/version"}
TEST_HEADER = b"x-symphainy-test"


def is_ordinary(scope):
    if scope["type"] != "http" or scope["path"] in PROBES:
        return False
    return all(name != TEST_HEADER for name, _ in scope["headers"])


async def answer(receive, send, status, body):
    # Read to its end first: an upload that is answered early breaks off.
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


`;

const regressing = `class ReleaseChange:
    """Every fifth ordinary request is answered with 500."""

    def __init__(self, application):
        self._application = application
        self._count = 0

    async def __call__(self, scope, receive, send):
        if is_ordinary(scope):
            self._count += 1
            if self._count % 5 == 0:
                await answer(receive, send, 500, {"detail": "this release regresses"})
                return
        await self._application(scope, receive, send)
`;

const slow = ({ delaySeconds, afterSeconds }: Required<ReleaseOptions>) => `class ReleaseChange:
    """Ordinary requests take their time, once the process is old enough."""

    def __init__(self, application):
        self._application = application
        self._started = time.monotonic()

    async def __call__(self, scope, receive, send):
        if is_ordinary(scope) and time.monotonic() - self._started >= ${afterSeconds}:
            await asyncio.sleep(${delaySeconds})
        await self._application(scope, receive, send)
`;

const flapping = `class ReleaseChange:
    """Each asker hears that the platform is well, that it is not, that it is well, and so on.

    Those that let it in, as they don't come by the test rule, hear twice that it is well first.
    """

    def __init__(self, application):
        self._application = application
        self._asked = {}

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"] in {"/health", "/ready"}:
            names = dict(scope["headers"])
            asker = (names.get(b"user-agent"), TEST_HEADER in names)
            self._asked[asker] = self._asked.get(asker, 0 if TEST_HEADER in names else -1) + 1
            if self._asked[asker] > 0 and self._asked[asker] % 2 == 0:
                body = {"status": "unhealthy", "health_percentage": 60.0, "services": {}}
                await answer(receive, send, 503, body)
                return
        await self._application(scope, receive, send)
`;
