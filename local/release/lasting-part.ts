import type { PlacedTemplate, StackResource, StackTemplate } from '../platform/assembly-templates.ts';

/** The parts of a deployment that an upgrade must keep, by the path of the template. */
export type LastingPart = Readonly<Record<string, StackTemplate>>;

/** Reasons against the replacement of a resource, by type. CloudFormation may replace all other types. */
export const lastingTypes: ReadonlyMap<string, string> = new Map([
  ['AWS::ApiGatewayV2::Api', 'clients know its address'],
  ['AWS::ApiGatewayV2::Stage', 'clients know its address'],
  ['AWS::Athena::WorkGroup', 'analysts and their tools know its name'],
  ['AWS::DynamoDB::Table', 'it contains profiles'],
  ['AWS::Events::EventBus', 'rules of other stacks use it'],
  ['AWS::Glue::Database', 'it contains tables'],
  ['AWS::IAM::ManagedPolicy', 'roles of other stacks use it, and IAM refuses to delete it'],
  ['AWS::Kinesis::Stream', 'it contains unread events'],
  ['AWS::KinesisFirehose::DeliveryStream', 'a new one begins at the end of the stream'],
  ['AWS::KMS::Key', 'encrypted data is unreadable without it'],
  ['AWS::Lambda::EventSourceMapping', 'it keeps its position in the stream'],
  ['AWS::S3::Bucket', 'it contains events, tables or failed batches'],
  ['AWS::SecretsManager::Secret', 'the template cannot restore its keys, tokens or settings'],
  ['AWS::SNS::Topic', 'people subscribed to it'],
  ['AWS::SQS::Queue', 'it contains deliveries'],
  ['Custom::LakeTables', 'it declares the columns of the tables'],
]);

/**
 * Selects the parts of a stack's templates that must last: resources of these types, and outputs, because commands find
 * them by name.
 */
export const lastingPart = (templates: readonly PlacedTemplate[]): LastingPart =>
  Object.fromEntries(
    templates.map(({ path, template: { Resources, Outputs = {} } }) => [
      path,
      { Resources: lasting(Resources), Outputs: named(Outputs) },
    ]),
  );

/** Outputs for users have a description. The CDK's own outputs between stacks do not. */
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

/** The record of a release. */
export interface Release {
  readonly version: string;
  readonly lasting: LastingPart;
}

/** File of the last release. */
export const lastReleaseFile = 'test/infra/last-release.json';
