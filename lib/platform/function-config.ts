import { createHash } from 'node:crypto';
import { toolFlaws } from '../../lambdas/adapters/destinations/catalogue/checks/tool-flaws.ts';
import { mappingFault } from '../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { type CdpConfig, type CdpConfigInput, InvalidConfig, parseConfig } from '../../lambdas/core/config/config.ts';
import { fieldName } from '../../lambdas/core/values/field-name.ts';

/**
 * The configuration in the form that functions carry: write keys are replaced by their SHA-256, so no asset contains a
 * key.
 */
export const withHashedKeys = (config: CdpConfig): CdpConfigInput => ({
  ...config,
  sources: config.sources.map((source) => {
    if (!('writeKey' in source) || source.writeKey === undefined) return source;
    const { writeKey, ...others } = source;
    return { ...others, writeKeyHash: sha256(writeKey) };
  }),
});

/**
 * Checks a configuration once for all constructs, including the form that functions read.
 * @throws InvalidConfig that names every wrong field
 */
export function functionConfig(input: CdpConfigInput): string {
  const config = parseConfig(input);
  checkTools(config);
  checkMappings(config);
  return JSON.stringify(parseConfig(withHashedKeys(config)));
}

/**
 * Checks the tools of the catalogue by their own definitions. Loads those that the configuration names, and no other.
 * @throws InvalidConfig that names every wrong field
 */
export function checkTools({ destinations }: CdpConfig): void {
  const flaws = destinations.flatMap((destination, n) =>
    destination.kind === 'catalogue'
      ? toolFlaws(destination).map(({ path, message }) => `${fieldName(['destinations', n, ...path])}: ${message}`)
      : [],
  );
  if (flaws.length > 0) throw new InvalidConfig(flaws);
}

/**
 * Checks the mappings of sources by the mapping kit itself.
 * @throws InvalidConfig that names every wrong field
 */
export function checkMappings({ sources }: CdpConfig): void {
  const flaws = sources.flatMap((source, n) =>
    mappingsIn(source).flatMap(({ path, to }) => {
      const fault = mappingFault(to);
      return fault === undefined ? [] : [`${fieldName(['sources', n, ...path, 'to'])}: ${fault}`];
    }),
  );
  if (flaws.length > 0) throw new InvalidConfig(flaws);
}

/** The mappings of a source, and where they are in it. */
function mappingsIn(source: CdpConfig['sources'][number]) {
  const placed = (path: readonly (string | number)[], mappings: readonly { readonly to: object }[]) =>
    mappings.map(({ to }, at) => ({ path: [...path, 'mappings', at], to }));
  if ('mappings' in source) return placed([], source.mappings);
  return 'objects' in source ? source.objects.flatMap(({ mappings }, n) => placed(['objects', n], mappings)) : [];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
