import { releaseCommand } from "./releaseCommand.ts";
import { runScript } from "./runScript.ts";

await runScript("release", releaseCommand);
