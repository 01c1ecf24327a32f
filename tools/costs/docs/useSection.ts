/** What is paid for what is done, where the default stacks are. */
export const useSection = `## What grows with use

The command leaves out what nobody knows before. On AWS, in eu-central-1:

| what | price |
| --- | --- |
| load balancer capacity units | 0.008 an LCU-hour; one all month is 5.84 |
| data through a NAT gateway (image pulls, logs, what the platform calls) | 0.052 a GB |
| data through an interface endpoint; through the gateway endpoint of S3, which image layers take, nothing | 0.01 a GB |
| CloudWatch: Container Insights, about 30 metrics for a cluster with one service | 0.30 a metric |
| CloudWatch: alarms, by the metrics that they look at | 0.10 a metric |
| CloudWatch Logs: platform, Container Insights, refused connections | 0.63 a GB taken in, 0.0324 a GB kept |
| access logs in S3 | 0.0245 a GB |
| images in ECR, the 100 newest | 0.10 a GB |
| secrets in Secrets Manager; the stacks here have none | 0.40 a secret |
| CPU of a t3 above its baseline for long | 0.05 a vCPU-hour |
| traffic to the internet and between zones | [EC2 prices](https://aws.amazon.com/ec2/pricing/on-demand/) |

On Google Cloud, in europe-west1:

| what | price |
| --- | --- |
| requests, and the time in which instances have them | see above |
| the time in which instances start, or answer probes, at the price of an instance with a request; probes are no requests | 0.0000265 a second for 1 vCPU and 1 GiB |
| images in Artifact Registry above the first 0.5 GB | 0.10 a GB |
| logs and figures | [prices of Cloud Logging and Cloud Monitoring](https://cloud.google.com/stackdriver/pricing) |
| secrets in Secret Manager; the stacks here have none | [its prices](https://cloud.google.com/secret-manager/pricing) |
| builds, and pipelines of Cloud Deploy, with \`delivery: cloudDeploy\` | [Cloud Build](https://cloud.google.com/build/pricing), [Cloud Deploy](https://cloud.google.com/deploy/pricing) |
| traffic to the internet, and into a VPC | [network prices](https://cloud.google.com/vpc/network-pricing) |

A release runs twice the tasks while it lasts: on Fargate each is paid for by the second; on EC2 instances are started
only where those that run have no room. Two t3.small hold four tasks, so the stack \`ec2\` starts none. On Cloud Run the
new release keeps \`tasks.min\` instances beside the old one's.
`;
