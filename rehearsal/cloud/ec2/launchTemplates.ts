import { AwsError } from "../awsError.ts";
import type { Ids } from "../ecs/ports.ts";
import { instanceTypes } from "./instanceTypes.ts";
import type {
  CreateLaunchTemplateRequest,
  LaunchTemplate,
  LaunchTemplateData,
  LaunchTemplateSpecification,
} from "./shapes.ts";

/** Launch templates with their versions. */
export class LaunchTemplates {
  readonly #templates = new Map<string, { template: LaunchTemplate; data: LaunchTemplateData[] }>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** @throws AwsError InvalidLaunchTemplateName.AlreadyExistsException, InvalidParameterValue. */
  create({ LaunchTemplateName, LaunchTemplateData }: CreateLaunchTemplateRequest): LaunchTemplate {
    if (this.#find({ LaunchTemplateName })) {
      throw new AwsError(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        `Launch template name ${LaunchTemplateName} is already in use.`,
      );
    }
    checkData(LaunchTemplateData);
    const template: LaunchTemplate = {
      LaunchTemplateId: `lt-${this.#ids.hex(17)}`,
      LaunchTemplateName,
      DefaultVersionNumber: 1,
      LatestVersionNumber: 1,
    };
    this.#templates.set(template.LaunchTemplateId, { template, data: [LaunchTemplateData] });
    return { ...template };
  }

  /** Adds a version, and makes it the default one when `setDefault` says so. */
  createVersion(id: string, data: LaunchTemplateData, setDefault = false): LaunchTemplate {
    const entry = this.#get({ LaunchTemplateId: id });
    checkData(data);
    entry.data.push(data);
    entry.template.LatestVersionNumber = entry.data.length;
    if (setDefault) entry.template.DefaultVersionNumber = entry.data.length;
    return { ...entry.template };
  }

  describe(specification: LaunchTemplateSpecification): LaunchTemplate {
    return { ...this.#get(specification).template };
  }

  delete(id: string): void {
    this.#get({ LaunchTemplateId: id });
    this.#templates.delete(id);
  }

  /** @throws AwsError InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateId.VersionNotFound. */
  resolve(specification: LaunchTemplateSpecification): LaunchTemplateData {
    const { template, data } = this.#get(specification);
    const version = specification.Version ?? "$Default";
    const number =
      version === "$Latest"
        ? template.LatestVersionNumber
        : version === "$Default"
          ? template.DefaultVersionNumber
          : Number(version);
    const found = data[number - 1];
    if (found) return found;
    throw new AwsError(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find launch template version ${version} of ${template.LaunchTemplateName}; it has ` +
        `1 to ${template.LatestVersionNumber}.`,
    );
  }

  inventory(): string[] {
    return [...this.#templates.values()].map(
      ({ template }) => `launch template ${template.LaunchTemplateName}`,
    );
  }

  #get(specification: LaunchTemplateSpecification) {
    const found = this.#find(specification);
    if (found) return found;
    const name = specification.LaunchTemplateId ?? specification.LaunchTemplateName;
    throw new AwsError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID or name ${name}, does not exist.`,
    );
  }

  #find({ LaunchTemplateId, LaunchTemplateName }: LaunchTemplateSpecification) {
    if (LaunchTemplateId !== undefined) return this.#templates.get(LaunchTemplateId);
    return [...this.#templates.values()].find(
      ({ template }) => template.LaunchTemplateName === LaunchTemplateName,
    );
  }
}

function checkData({ InstanceType }: LaunchTemplateData): void {
  if (InstanceType === undefined || instanceTypes.has(InstanceType)) return;
  throw new AwsError(
    "InvalidParameterValue",
    `InstanceType '${InstanceType}' is not in the rehearsal's table. It knows ` +
      `${[...instanceTypes.keys()].join(", ")}; others are added in rehearsal/cloud/ec2/instanceTypes.ts.`,
  );
}
