import { defaultRetention } from '../../contract/retention.ts';
import { byRequest, byTime, type Place, type Store, stays, template } from './store.ts';

const partitions = (...names: readonly string[]): Place => ({ in: 'profile table', partitions: names });

/** Names of stores that suppressions and opt-outs have receipts for, too. */
export const profilesStore = 'profiles and what merged into them';
export const identifiersStore = 'identifiers';

/** What the profile table has, by the beginnings of its partitions, and what is kept of all of it. */
export const tableStores: readonly Store[] = [
  {
    name: profilesStore,
    place: partitions('profile#'),
    holds: 'identifiers, traits, consent, accounts, latest events, memberships; a merged profile keeps its own',
    erasedBy: byRequest,
    counted: 'profiles',
    proof: 'no item of the profile ids',
  },
  {
    name: identifiersStore,
    place: partitions('identifier#'),
    holds: 'a keyed hash, the profile, a message id of the client; people of accounts; barriers',
    erasedBy: `${byRequest}; the barrier stays`,
    counted: 'identifiers',
    proof: 'the item has a barrier and no profile',
  },
  {
    name: 'what destinations were told',
    place: partitions('delivery#'),
    holds: 'profile id, segments and traits, and the names under which a tool was told',
    days: 30,
    erasedBy: `${byRequest}, or ${byTime}, once the tool was told that the person left`,
    counted: 'told',
    proof: 'no item of the profile ids',
  },
  {
    name: 'privacy requests',
    place: partitions('request#'),
    holds:
      'keyed hashes and profile ids; until an opt-out or a rectification is done, what is said for the person; addresses to call back, until they were told everything',
    erasedBy: `${stays}: it shows that the request was answered`,
    proof: 'the item of a completed request names nobody',
  },
  {
    name: 'the ledger of imports and the registry of aggregates',
    place: partitions('import#', 'registry#'),
    erasedBy: 'nothing is there',
    proof: 'names of files, counts and times',
  },
  {
    name: 'the profile table, its stream and its backups',
    place: template('DynamoDB::Table', /ProfilesTable/),
    holds: 'every version of every item: the stream for a day, point-in-time recovery for its window',
    days: defaultRetention.recoveryWindow,
    setBy: 'recoveryWindow',
    erasedBy: byTime,
    proof: 'aws dynamodb describe-continuous-backups tells the earliest time that can be restored',
  },
];
