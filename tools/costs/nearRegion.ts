/** Regions of AWS whose prices are known → one of Google's near it, where Cloud Run costs least. */
const near: Readonly<Record<string, string>> = {
  "eu-central-1": "europe-west1",
  "us-east-1": "us-east4",
};

/** The region of Google Cloud that a stack on AWS is compared in; undefined: none was chosen. */
export function nearOnGoogle(awsRegion: string): string | undefined {
  return near[awsRegion];
}

/** The region of AWS that a stack on Google Cloud is compared in: on its side of the Atlantic. */
export function nearOnAws(googleRegion: string): string {
  return /^(us|northamerica|southamerica)-/.test(googleRegion) ? "us-east-1" : "eu-central-1";
}
