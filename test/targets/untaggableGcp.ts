/** Types of the target cloudrun that take no labels. */
export const untaggableGcp: readonly string[] = [
  "docker:index/image:Image",
  "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
  "gcp:projects/service:Service",
  "gcp:secretmanager/secretIamMember:SecretIamMember",
  "gcp:serviceaccount/account:Account",
  "random:index/randomId:RandomId",
  "rollout:index:Promotion",
];
