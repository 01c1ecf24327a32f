/** Requests and answers of EC2 and EC2 Auto Scaling, by AWS's names, as far as the rehearsal knows them. */

export interface LaunchTemplateData {
  ImageId?: string;
  InstanceType?: string;
  /** Base64. Never executed: only the cluster's name is read from it. */
  UserData?: string;
  /** Recorded, without effect here. */
  [other: string]: unknown;
}

export interface CreateLaunchTemplateRequest {
  LaunchTemplateName: string;
  LaunchTemplateData: LaunchTemplateData;
}

export interface LaunchTemplate {
  LaunchTemplateId: string;
  LaunchTemplateName: string;
  DefaultVersionNumber: number;
  LatestVersionNumber: number;
}

export interface LaunchTemplateSpecification {
  LaunchTemplateId?: string;
  LaunchTemplateName?: string;
  /** A number, `$Latest` or `$Default`. Default: `$Default`. */
  Version?: string;
}

export interface CreateAutoScalingGroupRequest {
  AutoScalingGroupName: string;
  MinSize: number;
  MaxSize: number;
  /** Default: MinSize. */
  DesiredCapacity?: number;
  /** Subnet ids, separated by commas. */
  VPCZoneIdentifier: string;
  LaunchTemplate: LaunchTemplateSpecification;
  /** Default: false. */
  NewInstancesProtectedFromScaleIn?: boolean;
}

export type UpdateAutoScalingGroupRequest = { AutoScalingGroupName: string } & Partial<
  Omit<CreateAutoScalingGroupRequest, "AutoScalingGroupName">
>;

export interface AutoScalingGroup {
  AutoScalingGroupName: string;
  AutoScalingGroupARN: string;
  MinSize: number;
  MaxSize: number;
  DesiredCapacity: number;
  VPCZoneIdentifier: string;
  LaunchTemplate: LaunchTemplateSpecification;
  NewInstancesProtectedFromScaleIn: boolean;
  CreatedTime: Date;
  Instances: AutoScalingInstance[];
}

export interface AutoScalingInstance {
  InstanceId: string;
  InstanceType: string;
  AvailabilityZone: string;
  LifecycleState: "Pending" | "InService";
  HealthStatus: "Healthy";
  ProtectedFromScaleIn: boolean;
}
