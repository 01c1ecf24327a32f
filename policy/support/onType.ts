import type { ReportViolation, ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

/**
 * Judges the resources of one type. By token and not by class: importing a provider's classes would make every
 * preview wait for them.
 */
export function onType<TArgs>(
  type: string,
  judge: (props: Unwrap<TArgs>, report: ReportViolation, args: ResourceValidationArgs) => void,
): ResourceValidation {
  return (args, report) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine has checked them against the schema
    if (args.type === type) judge(args.props as Unwrap<TArgs>, report, args);
  };
}
