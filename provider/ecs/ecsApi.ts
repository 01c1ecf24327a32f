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
import type { CloudCall } from "../cloudCall.ts";

/** The part of Amazon ECS that a promotion needs, in the SDK's shapes; the SDK's `ECS` client is one. */
export interface EcsApi {
  continueServiceDeployment: CloudCall<
    ContinueServiceDeploymentRequest,
    ContinueServiceDeploymentResponse
  >;
  describeClusters: CloudCall<DescribeClustersRequest, DescribeClustersResponse>;
  describeServiceDeployments: CloudCall<
    DescribeServiceDeploymentsRequest,
    DescribeServiceDeploymentsResponse
  >;
  describeServiceRevisions: CloudCall<
    DescribeServiceRevisionsRequest,
    DescribeServiceRevisionsResponse
  >;
  describeServices: CloudCall<DescribeServicesRequest, DescribeServicesResponse>;
  describeTaskDefinition: CloudCall<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse>;
  describeTasks: CloudCall<DescribeTasksRequest, DescribeTasksResponse>;
  listServiceDeployments: CloudCall<ListServiceDeploymentsRequest, ListServiceDeploymentsResponse>;
  listTasks: CloudCall<ListTasksRequest, ListTasksResponse>;
  stopServiceDeployment: CloudCall<StopServiceDeploymentRequest, StopServiceDeploymentResponse>;
  tagResource: CloudCall<TagResourceRequest, TagResourceResponse>;
  untagResource: CloudCall<UntagResourceRequest, UntagResourceResponse>;
  updateService: CloudCall<UpdateServiceRequest, UpdateServiceResponse>;
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
