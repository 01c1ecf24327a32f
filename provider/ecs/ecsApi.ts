import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from "@aws-sdk/client-ecs";
import type { AwsCall } from "./awsCall.ts";

/** The part of Amazon ECS that a promotion needs, in the SDK's shapes; the SDK's `ECS` client is one. */
export interface EcsApi {
  continueServiceDeployment: AwsCall<
    ContinueServiceDeploymentRequest,
    ContinueServiceDeploymentResponse
  >;
  describeClusters: AwsCall<DescribeClustersRequest, DescribeClustersResponse>;
  describeServiceDeployments: AwsCall<
    DescribeServiceDeploymentsRequest,
    DescribeServiceDeploymentsResponse
  >;
  describeServiceRevisions: AwsCall<
    DescribeServiceRevisionsRequest,
    DescribeServiceRevisionsResponse
  >;
  describeServices: AwsCall<DescribeServicesRequest, DescribeServicesResponse>;
  describeTaskDefinition: AwsCall<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse>;
  describeTasks: AwsCall<DescribeTasksRequest, DescribeTasksResponse>;
  listServiceDeployments: AwsCall<ListServiceDeploymentsRequest, ListServiceDeploymentsResponse>;
  listTasks: AwsCall<ListTasksRequest, ListTasksResponse>;
  stopServiceDeployment: AwsCall<StopServiceDeploymentRequest, StopServiceDeploymentResponse>;
  tagResource: AwsCall<TagResourceRequest, TagResourceResponse>;
  untagResource: AwsCall<UntagResourceRequest, UntagResourceResponse>;
  updateService: AwsCall<UpdateServiceRequest, UpdateServiceResponse>;
}

/** Which service. */
export interface ServiceAddress {
  /** Name or ARN. */
  cluster: string;
  /** Name or ARN. */
  service: string;
}

/** The name in a name or an ARN: ListTasks and tags want it where everything else takes the ARN too. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.split("/").at(-1) ?? nameOrArn;
}

/** Whether the error says that the service, or its cluster, is not there (any more). */
export function isGone(error: unknown): boolean {
  return hasName(error, [
    "ServiceNotFoundException",
    "ServiceNotActiveException",
    "ClusterNotFoundException",
  ]);
}

/** Whether ECS refused to stop or continue a deployment because it is past that point already. */
export function isTooLate(error: unknown): boolean {
  return hasName(error, [
    "ConflictException",
    "ServiceDeploymentNotFoundException",
    "InvalidParameterException",
  ]);
}

function hasName(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
