import { runScript } from "../../operate/runScript.ts";
import { costsCommand } from "./costsCommand.ts";

await runScript("costs", costsCommand);
