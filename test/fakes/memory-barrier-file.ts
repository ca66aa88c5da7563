import type { BarrierFile, BarrierFileVersion } from '../../lambdas/adapters/barriers/barrier-file.ts';
import { shortHash } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { noBarriers } from '../../lambdas/core/privacy/barrier-list.ts';

/** The secret of identifiers in tests. */
export const secret = 'secret';

/** The short hash of what stands for an identifier where that is the identifier itself. */
export const hashIn = (key: string) => shortHash(secret)(key as Identifier);

/** A file of barriers in memory, with S3's conditions. */
export function memoryBarrierFile(): BarrierFile & { readonly now: () => BarrierFileVersion } {
  let version: BarrierFileVersion = { list: noBarriers, tag: undefined };
  let made = 0;
  return {
    now: () => version,
    read: async (tag) => (tag !== undefined && tag === version.tag ? undefined : version),
    replace: async ({ tag }, list) => {
      if (tag !== version.tag) return false;
      version = { list, tag: `"${++made}"` };
      return true;
    },
  };
}
