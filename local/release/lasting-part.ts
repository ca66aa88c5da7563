import type { PlacedTemplate, StackResource, StackTemplate } from '../platform/assembly-templates.ts';

/** What of a deployment must be the same after an upgrade, by the path of its template. */
export type LastingPart = Readonly<Record<string, StackTemplate>>;

/** Why a resource must not become another one, by type. What is in none of these can be made again. */
export const lastingTypes: ReadonlyMap<string, string> = new Map([
  ['AWS::ApiGatewayV2::Api', 'clients have its address'],
  ['AWS::ApiGatewayV2::Stage', 'clients have its address'],
  ['AWS::Athena::WorkGroup', 'analysts and their tools have its name'],
  ['AWS::DynamoDB::Table', 'profiles are in it'],
  ['AWS::Events::EventBus', 'rules of others hang on it'],
  ['AWS::Glue::Database', 'tables are in it'],
  ['AWS::IAM::ManagedPolicy', 'roles of others have it, and it cannot go while they do'],
  ['AWS::Kinesis::Stream', 'events that nobody has read are in it'],
  ['AWS::KinesisFirehose::DeliveryStream', 'another one begins to read at the end of the stream'],
  ['AWS::KMS::Key', 'what it encrypted cannot be read without it'],
  ['AWS::Lambda::EventSourceMapping', 'it knows how far it has read'],
  ['AWS::S3::Bucket', 'events, tables or given-up batches are in it'],
  ['AWS::SecretsManager::Secret', 'what keys, tokens or settings are in it, the template cannot make again'],
  ['AWS::SNS::Topic', 'whoever subscribed hears it, and nobody another one'],
  ['AWS::SQS::Queue', 'deliveries are in it'],
  ['Custom::LakeTables', 'tables have the columns that it says'],
]);

/**
 * Takes from a stack's templates what must last: those resources, with what decides whether they do, and the outputs,
 * by whose names commands find them.
 */
export const lastingPart = (templates: readonly PlacedTemplate[]): LastingPart =>
  Object.fromEntries(
    templates.map(({ path, template: { Resources, Outputs = {} } }) => [
      path,
      { Resources: lasting(Resources), Outputs: named(Outputs) },
    ]),
  );

/** Outputs that are for somebody say what they are; the CDK's own, from stack to stack, do not. */
const named = (outputs: Readonly<Record<string, object>>): Record<string, object> =>
  Object.fromEntries(Object.entries(outputs).filter(([, output]) => 'Description' in output));

const lasting = (resources: StackTemplate['Resources']): Record<string, StackResource> =>
  Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => lastingTypes.has(Type) || Type.startsWith('Custom::'))
      .map(([id, { Type, Properties, DeletionPolicy, UpdateReplacePolicy }]) => [
        id,
        { Type, Properties, DeletionPolicy, UpdateReplacePolicy },
      ]),
  );

/** What `npm run release` keeps of a release. */
export interface Release {
  readonly version: string;
  readonly lasting: LastingPart;
}

/** Where that is. */
export const lastReleaseFile = 'test/infra/last-release.json';
