import { Names, Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { type Imports, importedObjects } from '../imports/imports.ts';
import { isInVpc, type Topics } from '../imports/topics.ts';
import type { Lake } from '../lake/lake.ts';

/** What sends rows. */
interface Importing {
  readonly imports: Imports | undefined;
  readonly topics: ReadonlyMap<string, Topics>;
}

/** Acknowledges findings about what sends rows. */
export function acknowledgeImports({ imports, topics }: Importing, { bucket }: Lake): void {
  const resource = bucket.node.defaultChild as CfnBucket;
  // A nested stack knows the bucket by a parameter, which it gets when the template is made.
  const names = [
    `referenceto${Names.nodeUniqueId(resource.node)}Arn`,
    `${Stack.of(bucket).getLogicalId(resource)}.Arn`,
  ];
  const acknowledge = (of: IConstruct, prefixes: Iterable<string>, who: string) => {
    for (const prefix of prefixes) {
      const reason = `${who} names the objects below ${prefix}, so the role may use all of them.`;
      for (const name of names)
        Validations.of(of).acknowledge({ id: `AwsSolutions-IAM5[Resource::<${name}>/${prefix}*]`, reason });
    }
  };
  if (imports !== undefined)
    acknowledge(
      imports.take.role ?? imports.take,
      new Set([...importedObjects.read, ...importedObjects.put]),
      'Whoever brings files, or a load of them,',
    );
  for (const { take, secrets, source, written } of topics.values()) {
    acknowledge(take.role ?? take, written, `The function of ${source.id}`);
    if (isInVpc(source.connection))
      Validations.of(take.role ?? take).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Lambda connects to brokers in a VPC as this role, and EC2 knows no resource for these actions.',
      });
    for (const secret of Object.values(secrets))
      if (secret)
        Validations.of(secret).acknowledge({
          id: 'AwsSolutions-SMG4',
          reason: 'It is a user or a certificate of Kafka, who must change it, too.',
        });
  }
}
