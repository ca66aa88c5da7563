import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { configFile } from '../../lambdas/core/contract/environment.ts';
import { withKey } from '../../lambdas/core/sources/definition.ts';
import { ofType } from './rules/template.ts';
import { assetFolders, jobFiles, shipped, shippedText } from './shipped.ts';

/** Account, region, endpoint, machine: none of them is known before a deployment. */
const places =
  /localhost|127\.0\.0\.1|:4566|ministack|\b\d{12}\b|\b(?:us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d\b|\/(?:home|root|work|Users)\//i;

/** Whatever looks like a secret of somebody. */
const secrets = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN|"SecretString"|aws_secret_access_key/i;

/** Sources that have a write key, and not those that sign. */
const withKeys = withKey(parseConfig(config).sources);
const clearKeys = withKeys.flatMap(({ writeKey }) => writeKey ?? []);

describe('the shipped template', () => {
  it('knows nothing of where it runs', () => {
    // A number of bytes may have as many digits as an account.
    expect(
      shippedText()
        .replaceAll(/"BytesScannedCutoffPerQuery":\s*\d+/g, '')
        .match(places),
    ).toBeNull();
  });

  it('holds no secret', () => expect(shippedText().match(secrets)).toBeNull());

  it.each([
    ['an account', '"arn:aws:iam::123456789012:root"'],
    ['a region', '"dynamodb.eu-west-1.amazonaws.com"'],
    ['an endpoint', '"http://localhost:4566"'],
    ['a machine', '"/home/me/cdp"'],
  ])('would not pass with %s', (_, text) => expect(text).toMatch(places));

  it('gives no resource a name, but for those that must have one', () => {
    const isName = ([property, value]: [string, unknown]) => /Name$/.test(property) && typeof value === 'string';
    const named = Object.values(shipped().Resources).filter(({ Properties = {} }) =>
      Object.entries(Properties).some(isName),
    );
    const types = new Set(named.map(({ Type }) => Type.replace('AWS::', '')));
    // A policy's name is a part of its role's, a metric's is CloudWatch's, and a stage's is of its API.
    const mustHaveOne = [
      'ApiGatewayV2::Api',
      'Events::EventBus',
      'Athena::NamedQuery',
      'Athena::WorkGroup',
      'Glue::SecurityConfiguration',
    ];
    expect(types).toEqual(new Set([...mustHaveOne, 'IAM::Policy', 'CloudWatch::Alarm', 'ApiGatewayV2::Stage']));
  });
});

describe('the shipped code', () => {
  it('is there for every function', () => {
    expect(assetFolders().length).toBeGreaterThan(0);
    expect(assetFolders()).toHaveLength(
      new Set(ofType(shipped(), 'Lambda::Function').map(([, fn]) => JSON.stringify(fn.Properties?.Code))).size,
    );
  });

  it.each(assetFolders())('%s is one module and the configuration', (folder) => {
    expect(readdirSync(folder).sort()).toEqual([configFile, 'index.mjs']);
  });

  it.each(assetFolders())('%s names no place of ours', (folder) => {
    expect(
      readFileSync(join(folder, 'index.mjs'), 'utf8').match(/:4566|mini-?stack|MiniStack|\/(?:home|root|work|Users)\//),
    ).toBeNull();
  });

  it.each(assetFolders())('%s carries the configuration as it was written', (folder) => {
    const carried = parseConfig(JSON.parse(readFileSync(join(folder, configFile), 'utf8')));
    const withoutKeys = (given: typeof carried) => ({
      ...given,
      sources: given.sources.map((source) => ({ ...source, writeKey: undefined, writeKeyHash: undefined })),
    });
    expect(withoutKeys(carried)).toEqual(withoutKeys(parseConfig(config)));
  });
});

describe('the shipped jobs', () => {
  it.each(jobFiles())('%s names no place of ours', (file) => {
    expect(readFileSync(file, 'utf8').match(/:4566|ministack|\/(?:home|root|work|Users)\//i)).toBeNull();
  });
});

describe('write keys', () => {
  it('are given in clear text by the example, so that this shows something', () =>
    expect(clearKeys.length).toBeGreaterThan(0));

  it.each(clearKeys)('%s is nowhere in what is deployed', (key) => {
    const texts = [
      shippedText(),
      ...assetFolders()
        .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
        .concat(jobFiles())
        .map((file) => readFileSync(file, 'utf8')),
    ];
    expect(texts.filter((text) => text.includes(key))).toEqual([]);
  });

  it.each(assetFolders())('%s knows them by their SHA-256', (folder) => {
    const sources = withKey(parseConfig(JSON.parse(readFileSync(join(folder, configFile), 'utf8'))).sources);
    expect(sources.filter(({ writeKey }) => writeKey !== undefined)).toEqual([]);
    const hashes = withKeys.map(
      ({ writeKey, writeKeyHash }) =>
        writeKeyHash ??
        createHash('sha256')
          .update(writeKey ?? '')
          .digest('hex'),
    );
    expect(sources.map(({ writeKeyHash }) => writeKeyHash)).toEqual(hashes);
  });
});
