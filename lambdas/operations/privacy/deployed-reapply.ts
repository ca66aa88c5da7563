import { barrierFileIn } from '../../adapters/barriers/barrier-file.ts';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { appliedList, saidDigest } from '../../adapters/dynamodb/applied-list.ts';
import { barrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import { scanProfiles } from '../../adapters/dynamodb/compare-tables.ts';
import { erasedProfiles } from '../../adapters/dynamodb/erased-profiles.ts';
import { identifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { copyRequests, keptBarriers } from '../../adapters/dynamodb/kept-items.ts';
import { keyedOwners } from '../../adapters/dynamodb/keyed-owners.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../adapters/dynamodb/request-items.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import { noBarriers } from '../../core/privacy/barrier-list.ts';
import {
  aggregatesOf,
  firstRegistry,
  programsOf,
  registered,
  withPrograms,
} from '../../core/segments/history/registry.ts';
import { mustBeDeployed } from '../histories/request.ts';
import type { OfficerPlace } from './deployed-officer.ts';
import { type Reapplied, reapply } from './reapply.ts';
import { storedRequests } from './stored-requests.ts';

/** Where a deployment has the list, and the restored or rebuilt table beside its live one. */
export interface ReapplyPlace extends Omit<OfficerPlace, 'retention' | 'send'> {
  readonly table: string;
}

/**
 * Applies a deployment's list of barriers, and the requests that its live table has, to a restored or rebuilt table,
 * which then says so. @throws OperatorRefused
 */
export async function deployedReapply(input: CdpConfigInput, place: ReapplyPlace): Promise<Reapplied> {
  const { documents, s3, table, profileTable: live, identifierKeySecret, lakeBucket } = place;
  const config = parseConfig(input);
  const keyOf = identifierKey(identifierKeySecret);
  const list = (await barrierFileIn(s3, lakeBucket).read())?.list ?? noBarriers;
  const isOther = table !== live;
  const registry = registryTable(documents, table, jittered);
  const applied = appliedList(documents, table, jittered);
  // A backup of a table that once was restored says what was applied then.
  await applied.forget();

  const deployed = (await registryTable(documents, live, jittered).read())?.registry;
  if (deployed !== undefined) mustBeDeployed(deployed, config);
  const stored = await registry.read();
  const known = stored?.registry ?? firstRegistry([]);
  // What was added since the table was made counts from now on, as after a deployment.
  const next = withPrograms(registered(known, aggregatesOf(config), Date.now()), programsOf(config));
  if (next !== stored?.registry) await registry.write(next, stored?.version);

  if (isOther) await copyRequests(documents, live, table);
  const requests = await storedRequests(requestItems(documents, table, jittered)).all();
  const done = await reapply({
    list,
    requests,
    barriers: barrierItems(documents, table, jittered),
    live: () => keptBarriers(documents, isOther ? live : undefined),
    profiles: () => scanProfiles(documents, table),
    erased: erasedProfiles(documents, table, keyOf, jittered),
    people: identityTable(documents, table, keyOf, jittered),
    owners: keyedOwners(documents, table, jittered),
    keyOf,
    config,
    registry: freshRegistry(registry.read, Date.now, 0),
    write: profileTable(documents, table, keyOf, jittered).write,
    pause: jittered,
    now: () => new Date().toISOString(),
  });
  if (isOther) await applied.write({ list: saidDigest(list, requests) });
  return done;
}
