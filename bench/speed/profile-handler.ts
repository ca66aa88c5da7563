import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type BatchGetCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { config } from '../../cdp.config.ts';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { packingItems } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileReader, profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { accessTokens } from '../../lambdas/adapters/secrets/access-tokens.ts';
import { readSecret } from '../../lambdas/adapters/secrets/secret.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { createHandler } from '../../lambdas/functions/profile/handler.ts';
import { clientSettings } from '../../local/platform/aws.ts';
import type { PlatformOutputs } from '../../local/platform/platform.ts';

/** The profile API's function in this process, and how many items it has read so far. */
export interface CountedHandler {
  readonly call: (path: string) => Promise<unknown>;
  readonly reads: () => number;
}

/** Wires the function as it is deployed, to the same table and secrets, with a count of the keys it asks for. */
export async function handlerBeside({ emulatorUrl, profileToken }: PlatformOutputs): Promise<CountedHandler> {
  const settings = clientSettings(emulatorUrl);
  const environment = await deployedEnvironment(new LambdaClient(settings));
  const secrets = new SecretsManagerClient(settings);
  const tableName = environment[env.profileTable] ?? '';
  const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(settings)));
  let reads = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      reads += (args.input as BatchGetCommandInput).RequestItems?.[tableName]?.Keys?.length ?? 0;
      return next(args);
    },
    { step: 'initialize' },
  );
  const key = identifierKey(await readSecret(secrets, environment[env.identifierKeySecret] ?? ''));
  const table = profileTable(client, tableName, key, jittered);
  const handler = createHandler({
    config: parseConfig(config),
    registry: async () => undefined,
    now: Date.now,
    isAccessToken: accessTokens(secrets, environment[env.accessTokensSecret] ?? '', Date.now),
    findOwner: async (name) => (await table.load([name])).get(name)?.profile,
    find: profileReader(client, tableName, jittered).find,
    warn: console.warn,
  });
  return { call: (path) => answered(handler(request(path, profileToken))), reads: () => reads };
}

async function deployedEnvironment(client: LambdaClient): Promise<Record<string, string>> {
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    const found = Functions.find(({ Environment }) => Environment?.Variables?.[env.accessTokensSecret] !== undefined);
    if (found !== undefined) return found.Environment?.Variables ?? {};
  }
  throw new Error('the stack has no profile API');
}

async function answered(answer: ReturnType<ReturnType<typeof createHandler>>): Promise<void> {
  const { statusCode, body } = await answer;
  if (statusCode !== 200) throw new Error(`the function answered ${statusCode}: ${body}`);
}

/** As much of a request as the function looks at. */
function request(path: string, token: string): APIGatewayProxyEventV2 {
  const [rawPath, rawQueryString = ''] = path.split('?');
  const http = { method: 'GET' };
  const headers = { authorization: `Basic ${btoa(`${token}:`)}` };
  return {
    rawPath,
    rawQueryString,
    headers,
    requestContext: { http, requestId: 'bench' },
  } as unknown as APIGatewayProxyEventV2;
}
