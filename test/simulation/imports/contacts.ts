import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { loadIdOf, pieceKey } from '../../../lambdas/core/imports/load.ts';
import type { Truth } from '../people/message.ts';
import type { Chance } from '../running/chance.ts';

/** A change of a contact, as the job `records` writes it. */
export interface Change {
  readonly id: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly changed: Readonly<Record<string, string>>;
  readonly at: string;
  /** When its piece comes: on a day of the history, the first of which is 0. */
  readonly day: number;
}

/** A piece of changes, which the job writes again, to the last byte, if it died after the first time. */
export interface Piece {
  readonly key: string;
  readonly changes: readonly Change[];
  readonly day: number;
  readonly written: number;
}

/** What a deletion of a contact does: its id is let go, and the person may be erased on request. */
export const waysToDelete = ['unlink', 'erase'] as const;
export type WayToDelete = (typeof waysToDelete)[number];

/** Contacts of a CRM. Whoever deletes one lets its id go, and somebody else may get it. */
export const contactSource = (deletes: WayToDelete) => ({
  id: 'contacts',
  kind: 'files' as const,
  objects: [
    {
      object: 'contacts',
      rows: 'records' as const,
      key: ['id'],
      deletes,
      mappings: [
        {
          to: {
            type: 'identify',
            traits: { email: { '@path': '$.changed.email' }, city: { '@path': '$.changed.city' } },
            context: { externalIds: [idAt('$.id')] },
          },
        },
      ],
    },
  ],
});

/** An external id of a contact. */
export function idAt(path: string) {
  return { id: { '@path': path }, type: 'crm_contact', collection: 'users', encoding: 'none' };
}

export const contactIds = ['1', '2'] as const;
export const minuteOf = (at: number): string => new Date(Date.UTC(2026, 3, 1, 10, at)).toISOString();

/** When an id was released, and the day on which that is told. */
export interface Release {
  readonly id: string;
  readonly at: string;
  readonly day: number;
}

/** Lives of contacts: each is created, may be updated, and may be deleted, so that its id goes to the next one. */
export function someChanges(chance: Chance): Change[] {
  return contactIds.flatMap((id) => livesOf(id, chance));
}

function livesOf(id: string, chance: Chance): Change[] {
  const changes: Change[] = [];
  const emailOf = () => `person${chance.below(4)}.${chance.below(2)}@example.org`;
  const lives = 1 + chance.below(3);
  for (let life = 0, at = chance.below(3); life < lives; life++) {
    const day = dayFor({ id, at: minuteOf(at) }, releasesIn(changes));
    const add = (kind: Change['kind'], changed: Change['changed'], on: number) => {
      changes.push({ id, kind, changed, at: minuteOf(at), day: on });
      at += 1 + chance.below(3);
    };
    add('created', { email: emailOf(), city: 'Ulm' }, day + chance.below(2));
    if (chance.happens(0.6)) add('updated', { city: 'Bonn' }, day + chance.below(2));
    if (life < lives - 1 || chance.happens(0.5)) add('deleted', {}, chance.below(3));
  }
  return changes;
}

export const releasesIn = (changes: readonly Change[]): Release[] => changes.filter(({ kind }) => kind === 'deleted');

/**
 * The first day on which something about an id may come: whoever was seen under an id after a release keeps it, if the
 * release comes later than that. The lake parts these, and no lake is here.
 */
export const dayFor = ({ id, at }: Pick<Release, 'id' | 'at'>, releases: readonly Release[]): number =>
  Math.max(0, ...releases.filter((each) => each.id === id && each.at < at).map(({ day }) => day + 1));

/** What an id was at a time: each life of it is an identifier of its own. */
export function contactThen(id: string, at: string, releases: readonly Release[]): string {
  const [next] = releases
    .filter((each) => each.id === id && each.at >= at)
    .map((each) => Date.parse(each.at))
    .sort((a, b) => a - b);
  return next === undefined ? `crm_contact:${id}` : `crm_contact~${next}:${id}`;
}

/** Changes in pieces as they come: some loads a day, of some pieces each. */
export function piecesOf(changes: readonly Change[], chance: Chance): Piece[] {
  const placed = Map.groupBy(changes, ({ day }) => `${day} ${chance.below(2)} ${chance.below(2)}`);
  return [...placed].map(([place, some]) => {
    const [day = 0, load = 0, number = 0] = place.split(' ').map(Number);
    return { key: pieceKeyOn(day, { load, number }), changes: some, day, written: chance.happens(0.2) ? 2 : 1 };
  });
}

/** Key of a piece of one of the loads of a day. */
export function pieceKeyOn(day: number, { load, number }: { readonly load: number; readonly number: number }): string {
  const loadId = loadIdOf({ startedAt: Date.UTC(2026, 4, 1 + day, 2, load), name: 'nightly' });
  return pieceKey({ sourceId: 'contacts', loadId, object: 'contacts', number });
}

/** A piece as the job writes it. */
export function pieceBytes({ changes }: Piece): Buffer {
  const lines = changes.map(({ id, kind, changed, at }) =>
    JSON.stringify({
      record: { object: 'contacts', id, kind, changed, columns: { id, ...changed }, at, hash: hashOf(kind, at) },
    }),
  );
  return gzipSync(`${lines.join('\n')}\n`);
}

const hashOf = (kind: string, at: string): string => `${kind} ${at}`;

/** Ids of the messages of a change: the event that it becomes, or the release of its id. */
export const messageIdOf = ({ id, kind, at }: Change): string => {
  const name = ['contacts', 'contacts', id, kind, at, hashOf(kind, at)];
  const released = kind === 'deleted' ? ['release', `crm_contact:${id}`] : [];
  return createHash('sha256')
    .update(JSON.stringify([...name, ...released]))
    .digest('base64url');
};

/** What changes say of people. A deletion says nothing of anybody. */
export const truthsOfChanges = (changes: readonly Change[]): Truth[] =>
  changes
    .filter(({ kind }) => kind !== 'deleted')
    .map((change) => ({
      messageId: messageIdOf(change),
      timestamp: change.at,
      identifiers: [
        contactThen(change.id, change.at, releasesIn(changes)),
        ...(change.changed.email === undefined ? [] : [`email:${change.changed.email}`]),
      ],
      traits: change.changed,
      campaign: false,
    }));
