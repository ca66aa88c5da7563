import { barrierFileIn } from '../../adapters/barriers/barrier-file.ts';
import { freshRegistry, registryTable } from '../../adapters/dynamodb/aggregate-registry.ts';
import { barrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import { erasedProfiles } from '../../adapters/dynamodb/erased-profiles.ts';
import { identifierKey, shortHashIn } from '../../adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { keyedOwners } from '../../adapters/dynamodb/keyed-owners.ts';
import { profileTable } from '../../adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../adapters/dynamodb/request-items.ts';
import { egressRefusal } from '../../adapters/egress/agents.ts';
import { erasureProofIn } from '../../adapters/lake/erasure-proof.ts';
import { receiptSigner } from '../../adapters/secrets/receipt-signer.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import { keptIn } from '../../core/contract/retention.ts';
import { lakeSays } from './lake-says.ts';
import { listedBarriers } from './listed-barriers.ts';
import { type PrivacyOfficer, privacyOfficer } from './officer.ts';
import type { SendCalls } from './say-for-person.ts';

/** Where a deployment has the list of barriers and the items that it is made of. */
export interface BarrierPlace {
  readonly documents: Parameters<typeof barrierItems>[0];
  readonly s3: Parameters<typeof barrierFileIn>[0];
  readonly profileTable: string;
  readonly lakeBucket: string;
}

/** Where a deployment has all that a privacy officer works with. */
export interface OfficerPlace extends BarrierPlace {
  /** What turns identifiers into keys, and signs. */
  readonly identifierKeySecret: string;
  /** Days for which the deployment keeps what goes by itself, as JSON. */
  readonly retention: string;
  /** Puts what an officer says for people on the event stream. */
  readonly send: SendCalls;
}

/** The list of barriers of a deployment. */
export const deployedList = ({ documents, s3, profileTable, lakeBucket }: BarrierPlace) =>
  listedBarriers({
    file: barrierFileIn(s3, lakeBucket),
    barriers: barrierItems(documents, profileTable, jittered),
    hashIn: shortHashIn,
    pause: jittered,
  });

/** The privacy officer of a deployment: of its functions, and of operators with their own credentials. */
export function deployedOfficer(config: CdpConfig, place: OfficerPlace): PrivacyOfficer {
  const { documents, profileTable: tableName, identifierKeySecret: secret, retention } = place;
  const keyOf = identifierKey(secret);
  const kept = keptIn(retention);
  const readProof = erasureProofIn(place.s3, place.lakeBucket);
  return privacyOfficer({
    requests: requestItems(documents, tableName, jittered),
    barriers: barrierItems(documents, tableName, jittered),
    listed: deployedList(place),
    erased: erasedProfiles(documents, tableName, keyOf, jittered),
    people: identityTable(documents, tableName, keyOf, jittered),
    owners: keyedOwners(documents, tableName, jittered),
    keyOf,
    endsBy: async () => ({ retention: kept, lake: await lakeSays(readProof) }),
    signer: receiptSigner(secret),
    config,
    // Histories may be brought since a second ago, so nothing is kept.
    registry: freshRegistry(registryTable(documents, tableName, jittered).read, Date.now, 0),
    write: profileTable(documents, tableName, keyOf, jittered).write,
    send: place.send,
    egressRefusal: (url) => egressRefusal(url, []),
    pause: jittered,
    now: () => new Date().toISOString(),
  });
}

/** A privacy officer under a configuration as it is written. */
export const officerUnder = (config: CdpConfigInput, place: OfficerPlace): PrivacyOfficer =>
  deployedOfficer(parseConfig(config), place);
