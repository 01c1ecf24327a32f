import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rules } from "../policy/rules.ts";

/** Where the page is, from the project's root. */
export const policyPage = "docs/policies.md";

const root = resolve(import.meta.dirname, "..");

const head = `# Policies

The pack in \`policy/\` judges the resources of a preview or an update, not the settings that they come from: it knows
nothing of the program. A broken *mandatory* rule stops the update before anything is created; a broken *advisory* one
is a warning. Run it with \`pulumi preview --policy-pack policy\`; every rehearsal does.

Rules that look at the stack as a whole see references between resources, so they judge a preview whose ids are not
known yet. A rule that needs a value which a preview can't know is judged in the update. This page is made from the
rules: \`node tools/policyDocs.ts\` writes it anew.

To switch a rule off or make it a warning, hand over \`--policy-pack-config FILE\` with \`{"RULE": "disabled"}\` or
\`{"RULE": "advisory"}\`. \`tags-required\` takes \`{"tags-required": {"names": ["Project", "Stack"]}}\`.

| Rule | Level | Severity | What it demands | To mend | Source |
| --- | --- | --- | --- | --- | --- |
`;

/** The page, from the rules. */
export function policyDocs(): string {
  const rows = rules.map(
    ({ name, enforcementLevel, severity, description, remediationSteps, url }) => {
      const what = url === undefined ? description : `${description} [Why](${url})`;
      const file = sourceOf(name);
      const source = `[${file.split("/").at(-1)}](../${file})`;
      const level = enforcementLevel ?? "mandatory";
      return `| \`${name}\` | ${level} | ${severity} | ${what} | ${remediationSteps} | ${source} |`;
    },
  );
  return `${head}${rows.join("\n")}\n`;
}

function sourceOf(rule: string): string {
  const folder = "policy/rules";
  const file = readdirSync(join(root, folder)).find((name) =>
    readFileSync(join(root, folder, name), "utf8").includes(`name: "${rule}"`),
  );
  if (file === undefined) throw new Error(`no file in ${folder} has the rule ${rule}`);
  return `${folder}/${file}`;
}

if (import.meta.main) writeFileSync(join(root, policyPage), policyDocs());
