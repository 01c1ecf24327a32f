import { cloudRunSources } from "../cloudRunPrices.ts";
import { awsSources, pricedFamilies, pricedRegions, pricesLookedUp } from "../prices.ts";
import { mdTable } from "./mdTable.ts";

/** Which prices are known, and where each is from. */
export function sourcesSection(): string {
  const rows = [...awsSources, ...cloudRunSources].map(({ what, cloud, page, from }) => [
    what,
    `[${cloud}](${page})`,
    from,
  ]);
  const known = pricedRegions.map(
    (region) =>
      `- ${region}: ${pricedFamilies(region).join(", ")}, each small to 4xlarge where there is one`,
  );
  return `## The prices

Looked up on ${pricesLookedUp} in copies of the clouds' lists, not at the clouds themselves: before you rely on them, see their
pages. Those of AWS stand in \`tools/costs/prices.ts\`, one region after the other; a region or a type that is not there is
an error that names those that are. Known are Fargate and

${known.join("\n")}

Those of Cloud Run stand in \`tools/costs/cloudRunPrices.ts\`: one of two for each of its regions.

${mdTable([["of", "its cloud's page", "taken from"], ...rows])}
`;
}
