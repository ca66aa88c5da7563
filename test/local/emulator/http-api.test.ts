import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type ApiUrl, apiIdOf, startApiUrl } from '../../../local/platform/api-url.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { Oracle } from '../stack/oracle.ts';
import { getAtt, oracleFunction, role } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 40_000 });

const oracle = new Oracle();
let stack: EmulatedStack;
let ingest: ApiUrl;

const template = (oracleUrl: string) => ({
  Resources: {
    Role: role('lambda', []),
    Function: oracleFunction(oracleUrl, 'api', 'Role'),
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: 'api',
        ProtocolType: 'HTTP',
        CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['POST'], AllowHeaders: ['content-type'] },
      },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: getAtt('Function', 'Arn'),
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'ANY /{proxy+}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
      },
    },
  },
  Outputs: { Url: { Value: getAtt('Api', 'ApiEndpoint') } },
});

beforeAll(async () => {
  stack = await deployShared(template(await oracle.start()));
  ingest = await startApiUrl(0, stack.url, stack.outputs.Url ?? '');
}, 120_000);

afterAll(async () => {
  oracle.stop();
  await ingest?.stop();
  await stack?.stop();
});

it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'])(
  'brings every byte of a compressed body labelled %s to the function',
  async (contentType) => {
    const bodies: Buffer[] = [];
    oracle.answers('api', ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2) => {
      bodies.push(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
      return { statusCode: 200, isBase64Encoded: true, body: Buffer.from([0xff, 0x00]).toString('base64') };
    });
    const sent = gzipSync('{"a":"ä"}');
    const answer = await fetch(`${ingest.url}/v1/batch`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': contentType },
    });
    expect(bodies).toEqual([sent]);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([0xff, 0x00]));
  },
);

it('answers a preflight', async () => {
  const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
  const answer = await fetch(`${ingest.url}/v1/t`, { method: 'OPTIONS', headers });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});

it('finds the API whatever form its URL has', () => {
  expect(apiIdOf('https://abc123.execute-api.eu-west-1.amazonaws.com/')).toBe('abc123');
});
