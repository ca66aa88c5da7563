import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { every, type Rule } from './rule.ts';
import { at, type Pattern, type Template, target } from './template.ts';

const theKey: Pattern = (key) => /Key/.test(target(key) ?? '');
const deliveryType = (type: string) => (id: string, template: Template) =>
  at(template.Resources[id], 'Properties.DeliveryStreamType') === type;

/** Says of a request how it fared, and nothing of who sent it or with which key. */
const telling = /sourceIp|identity|userAgent|authorizer|path|authorization|domainName|\$input|querystring/i;
const isSilentAboutPeople: Pattern = (format) =>
  typeof format === 'string' && format.includes('$context.status') && !telling.test(format);

const stored = (prefix: string, errorPrefix: string): Pattern => ({
  CompressionFormat: 'GZIP',
  Prefix: `${prefix}!{timestamp:yyyy/MM/dd/HH}/`,
  ErrorOutputPrefix: (given) => String(given).startsWith(errorPrefix),
  EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: theKey } },
  CloudWatchLoggingOptions: { Enabled: true },
  BufferingHints: { IntervalInSeconds: 60 },
});

interface Direct {
  readonly only: (id: string, template: Template) => boolean;
  readonly end: Pattern;
}
const encryptedAllTheWay = (name: string, { only, end }: Direct): Rule =>
  every({
    ...{ name, type: 'KinesisFirehose::DeliveryStream', only },
    looksLike: {
      Properties: {
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: theKey },
        ExtendedS3DestinationConfiguration: end,
      },
    },
    spoiledBy: { Properties: { DeliveryStreamEncryptionConfigurationInput: undefined } },
  });

/** Of the two APIs, the one that browsers speak to. */
const isIngest = (id: string): boolean => /Ingest/.test(id);

/** The public door, and what flows behind it. */
export const flowRules: readonly Rule[] = [
  every({
    name: 'every API is logged without personal data, and throttled',
    type: 'ApiGatewayV2::Stage',
    looksLike: {
      Properties: {
        AccessLogSettings: { DestinationArn: (logs) => target(logs) !== undefined, Format: isSilentAboutPeople },
        DefaultRouteSettings: {
          ThrottlingRateLimit: (rate) => Number(rate) > 0,
          ThrottlingBurstLimit: (burst) => Number(burst) > 0,
        },
      },
    },
    spoiledBy: { Properties: { AccessLogSettings: { Format: '$context.status $context.identity.sourceIp' } } },
  }),
  every({
    name: 'any site may send, and no cookie ever goes with it',
    type: 'ApiGatewayV2::Api',
    only: isIngest,
    looksLike: {
      Properties: {
        CorsConfiguration: {
          AllowOrigins: ['*'],
          AllowCredentials: undefined,
          AllowMethods: (methods) =>
            ['GET', 'POST', 'OPTIONS'].every((method) => (methods as string[]).includes(method)),
          AllowHeaders: (headers) => ['authorization', '*'].every((header) => (headers as string[]).includes(header)),
        },
      },
    },
    spoiledBy: { Properties: { CorsConfiguration: { AllowCredentials: true } } },
  }),
  every({
    name: 'no page of any site may read profiles',
    type: 'ApiGatewayV2::Api',
    only: (id) => !isIngest(id),
    looksLike: { Properties: { CorsConfiguration: undefined } },
    spoiledBy: { Properties: { CorsConfiguration: { AllowOrigins: ['*'] } } },
  }),
  every({
    name: 'the functions behind the APIs answer every path',
    type: 'ApiGatewayV2::Route',
    looksLike: { Properties: { RouteKey: 'ANY /{proxy+}' } },
    spoiledBy: { Properties: { RouteKey: 'POST /v1/track' } },
  }),
  every({
    name: 'the functions behind the APIs are spoken to in payload format 2.0',
    type: 'ApiGatewayV2::Integration',
    looksLike: {
      Properties: {
        PayloadFormatVersion: '2.0',
        IntegrationUri: (fn) => /Collect|Show|Operate/.test(target(fn) ?? ''),
      },
    },
    spoiledBy: { Properties: { PayloadFormatVersion: '1.0' } },
  }),
  every({
    name: 'the event stream is encrypted, and can be read again for a day, which costs nothing',
    type: 'Kinesis::Stream',
    looksLike: { Properties: { StreamEncryption: { EncryptionType: 'KMS', KeyId: theKey }, RetentionPeriodHours: 24 } },
    spoiledBy: { Properties: { RetentionPeriodHours: 168 } },
  }),
  every({
    name: 'the raw zone holds what the event stream carries, by hour',
    type: 'KinesisFirehose::DeliveryStream',
    only: deliveryType('KinesisStreamAsSource'),
    looksLike: { Properties: { ExtendedS3DestinationConfiguration: stored(lakePrefix.raw, lakePrefix.rawErrors) } },
    spoiledBy: { Properties: { ExtendedS3DestinationConfiguration: { EncryptionConfiguration: undefined } } },
  }),
  encryptedAllTheWay('quarantined events are encrypted on their way and at their end', {
    only: (id, template) => deliveryType('DirectPut')(id, template) && !/IdentityLog|Attempts/.test(id),
    end: stored(lakePrefix.quarantine, lakePrefix.quarantineErrors),
  }),
  encryptedAllTheWay('the identity log is encrypted on its way and at its end', {
    only: (id) => /IdentityLog/.test(id),
    end: stored(lakePrefix.identityLog, lakePrefix.identityLogErrors),
  }),
  encryptedAllTheWay('attempts of deliveries are encrypted on their way and at their end', {
    only: (id) => /Attempts/.test(id),
    end: stored(lakePrefix.attempts, lakePrefix.attemptErrors),
  }),
  every({
    name: 'the segment bus is encrypted with the key',
    type: 'Events::EventBus',
    looksLike: { Properties: { KmsKeyIdentifier: theKey } },
    spoiledBy: { Properties: { KmsKeyIdentifier: undefined } },
  }),
  every({
    name: 'every secret is encrypted with the key, and none is in the template',
    type: 'SecretsManager::Secret',
    looksLike: { Properties: { KmsKeyId: theKey, SecretString: undefined } },
    spoiledBy: { Properties: { SecretString: 'hunter2' } },
  }),
];
