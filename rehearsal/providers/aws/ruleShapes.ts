import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Properties, Property } from "../properties.ts";
import { flag, number, object, objects, text, texts } from "../values.ts";

/** Actions and conditions: from the provider's words to the API's, and back. */

export function toActions(actions: Property | undefined): Action[] {
  return objects(actions).map((action, index) => {
    const forward = object(action.forward);
    const redirect = object(action.redirect);
    const fixed = object(action.fixedResponse);
    return {
      Type: text(action.type) as Action["Type"],
      Order: number(action.order) ?? index + 1,
      ...(action.targetGroupArn && !forward ? { TargetGroupArn: text(action.targetGroupArn) } : {}),
      ...(forward ? { ForwardConfig: toForward(forward) } : {}),
      ...(redirect
        ? {
            RedirectConfig: {
              Host: text(redirect.host),
              Path: text(redirect.path),
              Port: text(redirect.port),
              Protocol: text(redirect.protocol),
              Query: text(redirect.query),
              StatusCode: redirect.statusCode === "HTTP_302" ? "HTTP_302" : "HTTP_301",
            },
          }
        : {}),
      ...(fixed
        ? {
            FixedResponseConfig: {
              ContentType: text(fixed.contentType),
              MessageBody: text(fixed.messageBody),
              StatusCode: text(fixed.statusCode),
            },
          }
        : {}),
    };
  });
}

export function fromActions(actions: Action[] | undefined): Properties[] {
  return (actions ?? []).map(
    ({ Type, Order, TargetGroupArn, ForwardConfig, RedirectConfig, FixedResponseConfig }) => ({
      type: Type,
      order: Order,
      targetGroupArn: TargetGroupArn,
      forward: ForwardConfig && {
        targetGroups: (ForwardConfig.TargetGroups ?? []).map((group) => ({
          arn: group.TargetGroupArn,
          weight: group.Weight,
        })),
        stickiness: {
          enabled: ForwardConfig.TargetGroupStickinessConfig?.Enabled ?? false,
          duration: ForwardConfig.TargetGroupStickinessConfig?.DurationSeconds,
        },
      },
      redirect: RedirectConfig && {
        host: RedirectConfig.Host,
        path: RedirectConfig.Path,
        port: RedirectConfig.Port,
        protocol: RedirectConfig.Protocol,
        query: RedirectConfig.Query,
        statusCode: RedirectConfig.StatusCode,
      },
      fixedResponse: FixedResponseConfig && {
        contentType: FixedResponseConfig.ContentType,
        messageBody: FixedResponseConfig.MessageBody,
        statusCode: FixedResponseConfig.StatusCode,
      },
    }),
  );
}

export function toConditions(conditions: Property | undefined): RuleCondition[] {
  return objects(conditions).flatMap((condition): RuleCondition[] => {
    const path = object(condition.pathPattern);
    const host = object(condition.hostHeader);
    const header = object(condition.httpHeader);
    const method = object(condition.httpRequestMethod);
    const source = object(condition.sourceIp);
    const queries = objects(condition.queryStrings);
    return [
      ...(path
        ? [{ Field: "path-pattern", PathPatternConfig: { Values: texts(path.values) } }]
        : []),
      ...(host ? [{ Field: "host-header", HostHeaderConfig: { Values: texts(host.values) } }] : []),
      ...(header
        ? [
            {
              Field: "http-header",
              HttpHeaderConfig: {
                HttpHeaderName: text(header.httpHeaderName),
                Values: texts(header.values),
              },
            },
          ]
        : []),
      ...(method
        ? [
            {
              Field: "http-request-method",
              HttpRequestMethodConfig: { Values: texts(method.values) },
            },
          ]
        : []),
      ...(source ? [{ Field: "source-ip", SourceIpConfig: { Values: texts(source.values) } }] : []),
      ...(queries.length > 0
        ? [
            {
              Field: "query-string",
              QueryStringConfig: {
                Values: queries.map(({ key, value }) => ({ Key: text(key), Value: text(value) })),
              },
            },
          ]
        : []),
    ];
  });
}

function toForward(forward: Properties): Action["ForwardConfig"] {
  const stickiness = object(forward.stickiness);
  return {
    TargetGroups: objects(forward.targetGroups).map(({ arn, weight }) => ({
      TargetGroupArn: text(arn),
      // The provider's own default.
      Weight: number(weight) ?? 1,
    })),
    ...(stickiness
      ? {
          TargetGroupStickinessConfig: {
            Enabled: flag(stickiness.enabled),
            DurationSeconds: number(stickiness.duration),
          },
        }
      : {}),
  };
}
