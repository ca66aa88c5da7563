import {
  appliedPartition,
  deliveryPrefix,
  registryPartition,
  requestPartition,
  table,
} from '../../core/contract/storage.ts';
import type { OwnerName } from '../../core/profile/owner-name.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import type { Row } from './batch-get.ts';
import type { IdentifierKey } from './identifier-key.ts';

const key = (partition: string, sort: string): Row => ({ [table.partitionKey]: partition, [table.sortKey]: sort });

/** How the partitions of profiles begin. */
export const ofProfile = 'profile#';

/** Key of a profile or of its tombstone. */
export const stateKey = (profileId: ProfileId): Row => key(`${ofProfile}${profileId}`, 'state');

/** The profile of such a key. */
export const profileIdIn = (row: Row): ProfileId => partitionOf(row).slice(ofProfile.length);

/** Key of the item that names an identifier's profile. */
export const ownerKey = (identifierKey: IdentifierKey, name: OwnerName): Row => keyedOwner(identifierKey(name));

/** Key of the same item by what stands for the identifier. */
export const keyedOwner = (keyed: string): Row => key(`${ofIdentifier}${keyed}`, 'owner');

/** What stands for the identifier of such a key. */
export const keyedIn = (row: Row): string => partitionOf(row).slice(ofIdentifier.length);

const ofIdentifier = 'identifier#';

/** Key of the registry of aggregates. */
export const registryKey = key(registryPartition, 'state');

/** Key of the item that says which list of barriers was applied to a table. */
export const appliedKey = key(appliedPartition, 'state');

/** Key of a privacy request. */
export const requestKey = (requestId: string): Row => key(requestPartition, requestId);

const ofMember = 'member#';

/** Key of the item by which an account finds a person: beside the one that names the account's profile. */
export const memberKey = (identifierKey: IdentifierKey, account: OwnerName, profileId: ProfileId): Row =>
  key(partitionOf(ownerKey(identifierKey, account)), `${ofMember}${profileId}`);

/** The range of sort keys of people after one of them, in the order of their ids; all of them after none. */
export const membersOf = (after: ProfileId | ''): { readonly ':from': string; readonly ':to': string } => ({
  ':from': `${ofMember}${after}${after === '' ? '' : ' '}`,
  ':to': `${ofMember}~`,
});

/** The partition of an item or of its key. */
export const partitionOf = (row: Row | undefined): string => String(row?.[table.partitionKey]);

/** Key of what a destination was told about somebody and a segment. */
export const deliveryKey = (destination: string, profileId: ProfileId, segment: string): Row =>
  key(`${ofDelivery(destination)}#${profileId}`, segment);

/** Key of what a destination was told about somebody's computed trait; no segment has such a key. */
export const toldTraitKey = (destination: string, profileId: ProfileId, trait: string): Row =>
  deliveryKey(destination, profileId, `trait:${trait}`);

/** Keys of what is known about a destination itself. */
export const destinationKey = (destination: string, what: 'breaker' | 'pace' | 'mark'): Row =>
  key(ofDelivery(destination), what);

/** Key of the item with all destinations whose queues are not polled; no destination has an empty id. */
export const restingKey = key(deliveryPrefix, 'resting');

/** Key of the item that says which list in a tool a segment has. */
export const listKey = (destination: string, segment: string): Row => key(`${ofDelivery(destination)}#lists`, segment);

/** Key of how often a message of a destination's queue was tried; no profile has such an id. */
export const triesKey = (destination: string, messageId: string): Row =>
  key(`${ofDelivery(destination)}#tries#${messageId}`, 'tries');

const ofDelivery = (destination: string): string => `${deliveryPrefix}${destination}`;
