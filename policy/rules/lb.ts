import type { ListenerArgs, LoadBalancerArgs } from "@pulumi/aws/lb/index.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onType } from "../support/onType.ts";

const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";

/** Policies that offer nothing older than TLS 1.2. */
const modernTls = /^ELBSecurityPolicy-(TLS13-1-[23]-|FS-1-2-|TLS-1-2-)/;

export const lbDropInvalidHeaders: ResourceValidationPolicy = {
  name: "lb-drop-invalid-headers",
  description:
    "Headers that break the rules don't reach the platform: request smuggling needs them.",
  severity: "high",
  remediationSteps: "Set dropInvalidHeaderFields.",
  validateResource: onType<LoadBalancerArgs>(loadBalancer, (props, report) => {
    const isApplication = (props.loadBalancerType ?? "application") === "application";
    if (isApplication && props.dropInvalidHeaderFields !== true) {
      report("The load balancer hands invalid headers on.");
    }
  }),
};

export const lbAccessLogs: ResourceValidationPolicy = {
  name: "lb-access-logs",
  description: "A load balancer keeps a record of the requests.",
  severity: "medium",
  remediationSteps: "Set accessLogs with a bucket, and enabled.",
  validateResource: onType<LoadBalancerArgs>(loadBalancer, (props, report) => {
    if (props.accessLogs?.enabled !== true) report("The load balancer writes no access logs.");
  }),
};

export const lbTls: ResourceValidationPolicy = {
  name: "lb-tls",
  description: "An HTTPS listener speaks TLS 1.2 or later.",
  severity: "high",
  remediationSteps: "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-2021-06.",
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  validateResource: onType<ListenerArgs>(listener, (props, report) => {
    if (props.protocol === "HTTPS" && !modernTls.test(props.sslPolicy ?? "")) {
      report(
        `The listener's policy ${props.sslPolicy ?? "(the default)"} offers TLS older than 1.2.`,
      );
    }
  }),
};

export const lbPlainHttp: ResourceValidationPolicy = {
  name: "lb-plain-http",
  description: "Public traffic is encrypted; plain HTTP only redirects.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Set symphainy:certificateArn to a certificate of AWS Certificate Manager.",
  validateResource: onType<ListenerArgs>(listener, (props, report) => {
    const redirects = props.defaultActions.every(({ type }) => type === "redirect");
    if (props.protocol === "HTTP" && !redirects) {
      report("The listener serves plain HTTP: requests and answers can be read on the way.");
    }
  }),
};
