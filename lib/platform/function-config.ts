import { createHash } from 'node:crypto';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../../lambdas/core/config/config.ts';

/** The configuration as functions carry it: every write key as its SHA-256 only, so that no key is in an asset. */
export const withHashedKeys = (config: CdpConfig): CdpConfigInput => ({
  ...config,
  sources: config.sources.map(({ writeKey, ...source }) =>
    writeKey === undefined ? source : { ...source, writeKeyHash: sha256(writeKey) },
  ),
});

/** Checks a configuration once for all constructs, also as functions will read it. @throws InvalidConfig naming every wrong field. */
export const functionConfig = (input: CdpConfigInput): string =>
  JSON.stringify(parseConfig(withHashedKeys(parseConfig(input))));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
