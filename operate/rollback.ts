import { rollbackCommand } from "./rollbackCommand.ts";
import { runScript } from "./runScript.ts";

await runScript("rollback", rollbackCommand);
