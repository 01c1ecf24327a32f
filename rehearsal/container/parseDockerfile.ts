import { DockerfileParser } from "dockerfile-ast";

/** An instruction as it is written; nothing is expanded yet. */
export interface Instruction {
  line: number;
  /** In capitals. */
  keyword: string;
  /** What follows the keyword and its flags, continued lines joined. */
  content: string;
  /** The same, cut at white space, comments between continued lines left out. */
  words: string[];
  flags: { name: string; value: string }[];
  /** Of ENV, ARG and LABEL: quotes and variables still in the values; null for an ARG without a default. */
  properties: { name: string; value: string | null }[];
}

export interface Stage {
  /** Null for a stage without AS. */
  name: string | null;
  from: Instruction;
  instructions: Instruction[];
}

export interface ParsedDockerfile {
  /** ARGs before the first FROM. */
  globalArgs: Instruction[];
  stages: Stage[];
}

/** An instruction that the rehearsal cannot carry out. */
export class DockerfileError extends Error {
  override readonly name = "DockerfileError";
  readonly line: number;

  constructor({ line, keyword, content }: Instruction, why: string) {
    super(`Dockerfile line ${line}, "${shorten(`${keyword} ${content}`)}": ${why}`);
    this.line = line;
  }
}

/** @throws Error, when there is no FROM. */
export function parseDockerfile(text: string): ParsedDockerfile {
  const parsed: ParsedDockerfile = { globalArgs: [], stages: [] };
  for (const instruction of readInstructions(text)) {
    const stage = parsed.stages.at(-1);
    if (instruction.keyword === "FROM") {
      parsed.stages.push({ name: stageName(instruction), from: instruction, instructions: [] });
    } else if (stage) stage.instructions.push(instruction);
    else if (instruction.keyword === "ARG") parsed.globalArgs.push(instruction);
    else throw new DockerfileError(instruction, "only ARG may come before the first FROM.");
  }
  if (parsed.stages.length === 0) throw new Error("The Dockerfile has no FROM.");
  return parsed;
}

/** The strings of an instruction in exec form, `["a", "b"]`; undefined when it is in shell form. */
export function execForm(content: string): string[] | undefined {
  if (!content.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(content);
    return Array.isArray(value) && value.every((item) => typeof item === "string")
      ? value
      : undefined;
  } catch {
    return undefined; // what Docker does too: a broken list is a shell command
  }
}

function readInstructions(text: string): Instruction[] {
  return DockerfileParser.parse(text)
    .getInstructions()
    .map((parsed) => ({
      line: parsed.getRange().start.line + 1,
      keyword: parsed.getKeyword(),
      content: parsed.getArgumentsContent()?.trim() ?? "",
      words: parsed.getArguments().map((argument) => argument.getValue()),
      flags: readFlags(parsed),
      properties: readProperties(parsed),
    }));
}

type Parsed = ReturnType<ReturnType<typeof DockerfileParser.parse>["getInstructions"]>[number];

// The parser's subclasses are not exported: what an instruction can tell shows in its methods.
function readFlags(parsed: Parsed): Instruction["flags"] {
  if (!("getFlags" in parsed) || typeof parsed.getFlags !== "function") return [];
  const flags: { getName(): string; getValue(): string | null }[] = parsed.getFlags();
  return flags.map((flag) => ({ name: flag.getName(), value: flag.getValue() ?? "" }));
}

function readProperties(parsed: Parsed): Instruction["properties"] {
  type Property = { getName(): string; getUnescapedValue(): string | null };
  const properties: (Property | null)[] =
    "getProperties" in parsed && typeof parsed.getProperties === "function"
      ? parsed.getProperties()
      : "getProperty" in parsed && typeof parsed.getProperty === "function"
        ? [parsed.getProperty()]
        : [];
  return properties.flatMap((property) =>
    property ? [{ name: property.getName(), value: property.getUnescapedValue() }] : [],
  );
}

function stageName({ words }: Instruction): string | null {
  return words[1]?.toUpperCase() === "AS" ? (words[2] ?? null) : null;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
