import { Annotations, Aws, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Encryption } from '../blocks/encryption.ts';
import { InvalidProps } from '../blocks/invalid-props.ts';

/** Who receives the alarms. */
export interface AlarmTopicProps {
  readonly encryption: Encryption;
  /** E-mail address that SNS asks to confirm a subscription. @default - No subscription */
  readonly email?: string | undefined;
  /** A topic of your own to use instead of a new one. @default - A new topic */
  readonly topic?: ITopic | undefined;
}

/** The topic that receives every alarm: a new one, encrypted and TLS only, or one that you supply. */
export class AlarmTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { encryption, email, topic }: AlarmTopicProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    // CloudWatch and EventBridge send only within their own region.
    if (
      topic !== undefined &&
      ![region, topic.env.region].some((each) => Token.isUnresolved(each)) &&
      topic.env.region !== region
    )
      throw new InvalidProps([`alarmTopic must be in the region of the stack, ${region}; got ${topic.topicArn}`]);
    this.topic = topic ?? this.made(encryption);
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
    else if (topic === undefined)
      Annotations.of(this).addWarningV2(
        'customer-data-platform:nobody-hears',
        'Nobody receives the alarms. Set alarmEmail or alarmTopic, or subscribe to the topic in the output AlarmTopicArn',
      );
  }

  /** A topic policy of our own replaces the default one, so it must allow the account's services again. */
  private made(encryption: Encryption): Topic {
    const topic = new Topic(this, 'Topic', { masterKey: encryption.key, enforceSSL: true });
    const alarms = `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*`;
    const cloudWatch = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': alarms } },
    };
    topic.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    encryption.key.addToResourcePolicy(
      new PolicyStatement({ ...cloudWatch, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    return topic;
  }
}
