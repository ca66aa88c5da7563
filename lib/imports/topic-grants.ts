import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { KafkaSource } from '../../lambdas/core/sources/kafka.ts';

type Cluster = Extract<KafkaSource['connection'], { readonly kind: 'msk' }>;

/**
 * What Lambda does with the role of a function to reach brokers in a VPC. EC2 knows no resource for most of these
 * actions: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
export const networkGrant = (): PolicyStatement =>
  new PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    resources: ['*'],
  });

/** What Lambda does with the role to find a cluster of MSK and, where the role signs in, to read some topics of it. */
export function clusterGrants(
  { cluster, signIn }: Cluster,
  topics: readonly string[],
  groups: readonly string[],
): PolicyStatement[] {
  const below = (kind: string, names: readonly string[]) =>
    names.map((name) => `${cluster.replace(':cluster/', `:${kind}/`)}/${name}`);
  const found = new PolicyStatement({
    actions: ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'],
    resources: [cluster],
  });
  if (signIn === 'none') return [found];
  return [
    found,
    new PolicyStatement({
      actions: ['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'],
      resources: [cluster],
    }),
    new PolicyStatement({
      actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
      resources: below('topic', topics),
    }),
    new PolicyStatement({
      actions: ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
      resources: below('group', groups),
    }),
  ];
}
