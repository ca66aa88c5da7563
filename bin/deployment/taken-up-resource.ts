import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { errorMessageOf, errorNameOf } from '../../lambdas/core/values/thrown.ts';

/** The part of a template's resource that take-up reads. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: {
    readonly KeySchema?: readonly Key[];
    readonly StreamSpecification?: { readonly StreamViewType?: string };
    readonly Tags?: readonly { readonly Key: string }[];
  };
}
interface Key {
  readonly AttributeName?: string | undefined;
  readonly KeyType?: string | undefined;
}

/** An account and its clients' settings. */
interface Account {
  readonly where: object;
  readonly account: string;
}

type Look = (at: Account, name: string, resource: TemplateResource) => Promise<unknown>;

/** The name of a deleted bucket may belong to somebody else by now. */
const lookAtBucket: Look = ({ where, account }, Bucket) =>
  new S3Client({ ...where, forcePathStyle: true }).send(
    new HeadBucketCommand({ Bucket, ExpectedBucketOwner: account }),
  );

const looks: ReadonlyMap<string, Look> = new Map<string, Look>([
  ['AWS::S3::Bucket', lookAtBucket],
  [
    'AWS::SecretsManager::Secret',
    ({ where }, SecretId) => new SecretsManagerClient(where).send(new GetSecretValueCommand({ SecretId })),
  ],
  ['AWS::Glue::Database', ({ where }, Name) => new GlueClient(where).send(new GetDatabaseCommand({ Name }))],
  ['AWS::DynamoDB::Table', lookAtTable],
]);

/**
 * Returns why an existing resource cannot become the template's; undefined if it can. It tests the key by reading a
 * secret, which fails when the key is disabled or pending deletion.
 */
export async function problemWith(
  at: Account,
  id: string,
  resource: TemplateResource,
  place: string,
): Promise<string | undefined> {
  try {
    await looks.get(resource.Type)?.(at, place, resource);
    return undefined;
  } catch (error) {
    const name = errorNameOf(error);
    return `${id}, ${place}: ${name === 'Error' ? '' : `${name}, `}${errorMessageOf(error)}`;
  }
}

async function lookAtTable(
  { where }: Account,
  TableName: string,
  { Properties: { KeySchema = [], StreamSpecification } = {} }: TemplateResource,
) {
  const { Table = {} } = await new DynamoDBClient(where).send(new DescribeTableCommand({ TableName }));
  const [has, must] = [Table.KeySchema ?? [], KeySchema].map(asText);
  if (has !== must) throw new Error(`its keys are ${has}, and must be ${must}`);
  const wanted = StreamSpecification?.StreamViewType;
  const { StreamEnabled = false, StreamViewType } = Table.StreamSpecification ?? {};
  if (!StreamEnabled) throw new Error(`its stream is off, and must be on, with ${wanted}`);
  if (StreamViewType !== wanted) throw new Error(`its stream has ${StreamViewType}, and must have ${wanted}`);
}

const asText = (keys: readonly Key[]): string =>
  keys.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ');
