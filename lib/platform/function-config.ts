import { createHash } from 'node:crypto';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../../lambdas/core/config/config.ts';

/**
 * The configuration in the form that functions carry: write keys are replaced by their SHA-256, so no asset contains a
 * key.
 */
export const withHashedKeys = (config: CdpConfig): CdpConfigInput => ({
  ...config,
  sources: config.sources.map(({ writeKey, ...source }) =>
    writeKey === undefined ? source : { ...source, writeKeyHash: sha256(writeKey) },
  ),
});

/**
 * Checks a configuration once for all constructs, including the form that functions read.
 * @throws InvalidConfig that names every wrong field
 */
export const functionConfig = (input: CdpConfigInput): string =>
  JSON.stringify(parseConfig(withHashedKeys(parseConfig(input))));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
