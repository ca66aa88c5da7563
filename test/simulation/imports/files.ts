import { createHash } from 'node:crypto';
import { type CdpConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import type { Truth } from '../people/message.ts';
import { boundless, deployment } from '../people/settings.ts';
import type { Chance } from '../running/chance.ts';
import {
  contactIds,
  contactSource,
  contactThen,
  dayFor,
  idAt,
  minuteOf,
  type Release,
  type WayToDelete,
} from './contacts.ts';

const who = { userId: { '@path': '$.row.user' }, context: { traits: { email: { '@path': '$.row.email' } } } };

/** A shop that imports visits, which have a key and a time, notes, which have neither, and calls of its contacts. */
export const importConfig = (deletes: WayToDelete): CdpConfig => importConfigs[deletes];

const configOf = (deletes: WayToDelete) =>
  parseConfig({
    ...deployment,
    identity: boundless,
    sources: [
      ...deployment.sources.filter(({ id }) => id !== 'crm'),
      {
        id: 'crm',
        kind: 'files',
        objects: [
          {
            object: 'visits',
            rows: 'events',
            key: ['id'],
            time: 'at',
            mappings: [{ to: { type: 'track', event: 'Visited', ...who } }],
          },
          {
            object: 'notes',
            rows: 'events',
            mappings: [{ to: { type: 'identify', ...who, traits: { city: { '@path': '$.row.city' } } } }],
          },
          {
            object: 'calls',
            rows: 'events',
            key: ['id'],
            time: 'at',
            mappings: [
              {
                to: {
                  ...{ type: 'track', event: 'Called', ...who },
                  context: { ...who.context, externalIds: [idAt('$.row.contact')] },
                },
              },
            ],
          },
        ],
      },
      contactSource(deletes),
    ],
  });

const importConfigs = { unlink: configOf('unlink'), erase: configOf('erase') };

/** A row as somebody wrote it, and what must become of it: a message, or an entry of the quarantine. */
export interface Row {
  readonly text: string;
  readonly columns: Readonly<Record<string, string | null>>;
  readonly isGood: boolean;
}

/** The bytes of a file, which somebody drops under some names. */
export interface Content {
  readonly object: 'visits' | 'notes' | 'calls';
  readonly rows: readonly Row[];
  /** Whether a column is missing, so that nobody can use the file. */
  readonly isRefused: boolean;
  readonly text: string;
  /** When it is dropped: on a day of the history, the first of which is 0. */
  readonly day: number;
  /** What is dropped, one name after another; a name that comes again is another version. */
  readonly names: readonly string[];
}

const columnNames = ['id', 'at', 'user', 'email', 'city', 'contact'] as const;

/** A few files of few people. Some have rows that others have, too. */
export function someContents(releases: readonly Release[], chance: Chance): Content[] {
  const some = Array.from({ length: 6 + chance.below(10) }, (_, n) => someRow(`r${n}`, chance));
  return Array.from({ length: 1 + chance.below(4) }, (_, n) => {
    const object = chance.pick(['visits', 'visits', 'notes', 'calls'] as const);
    const day = chance.below(4);
    const own = Array.from({ length: chance.below(8) }, (_, m) => someRow(`f${n}.${m}`, chance));
    const rows = [...some.filter(() => chance.happens(0.6)), ...own]
      .filter((row) => object !== 'calls' || mayCome(row, day, releases))
      .map((row) => someFault(row, object, chance));
    return contentOf(object, rows, { day, isRefused: chance.happens(0.08), names: someNames(object, n, chance) });
  });
}

const mayCome = ({ columns: { contact, at } }: Row, day: number, releases: readonly Release[]): boolean =>
  dayFor({ id: contact ?? '', at: at ?? '' }, releases) <= day;

/** A content of rows. */
export function contentOf(
  object: Content['object'],
  rows: readonly Row[],
  { day, isRefused, names }: Pick<Content, 'day' | 'isRefused' | 'names'>,
): Content {
  const header = isRefused ? 'id,at,at,email,city,contact' : columnNames.join();
  return { object, rows, day, isRefused, names, text: `${[header, ...rows.map(({ text }) => text)].join('\n')}\n` };
}

function someNames(object: string, n: number, chance: Chance): string[] {
  const first = `imports/files/crm/${object}/${n}.csv`;
  const again = () => (chance.happens(0.5) ? first : `imports/files/crm/${object}/${n} again ${chance.below(3)}.csv`);
  return [first, ...Array.from({ length: chance.below(3) }, again)];
}

function someRow(id: string, chance: Chance): Row {
  const person = chance.below(4);
  const at = minuteOf(chance.below(20));
  const user = chance.happens(0.4) ? `user-${person}` : null;
  const email = user === null || chance.happens(0.6) ? `person${person}.${chance.below(2)}@example.org` : null;
  const contact = chance.pick(contactIds);
  return written({ id, at, user, email, city: chance.pick(['Ulm', 'Bonn', null]), contact }, true);
}

export const written = (columns: Row['columns'], isGood: boolean): Row => ({
  text: columnNames.map((name) => columns[name] ?? '').join(),
  columns,
  isGood,
});

/** Makes a row bad now and then, in one of the ways that its object minds. */
function someFault(row: Row, object: Content['object'], chance: Chance): Row {
  if (!chance.happens(0.15)) return row;
  const { columns } = row;
  if (chance.happens(0.3)) return { text: `${row.text},too,many`, columns, isGood: false };
  if (object === 'notes' || (object === 'visits' && chance.happens(0.3)))
    return written({ ...columns, user: null, email: null }, false);
  return written(chance.happens(0.5) ? { ...columns, id: null } : { ...columns, at: 'at noon' }, false);
}

/** What must be sent of a content. The time of a note is that of its load, which is not known here. */
export function truthsOf({ object, rows, text }: Content, releases: readonly Release[]): Truth[] {
  const load = createHash('sha256').update(text).digest('hex');
  return rows.flatMap(({ columns, isGood }, n) => {
    if (!isGood) return [];
    const sorted = JSON.stringify(Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1)));
    const name = object === 'notes' ? [load, sorted, String(n + 2)] : [columns.id, columns.at];
    const messageId = createHash('sha256')
      .update(JSON.stringify(['crm', object, ...name]))
      .digest('base64url');
    const identifiers = [
      ...(object === 'calls' ? [contactThen(columns.contact ?? '', columns.at ?? '', releases)] : []),
      ...(columns.user ? [`user_id:${columns.user}`] : []),
      ...(columns.email ? [`email:${columns.email}`] : []),
    ];
    // An empty column empties the trait.
    const traits = object === 'notes' ? { email: columns.email, city: columns.city } : {};
    return [{ messageId, timestamp: columns.at ?? '', identifiers, traits, campaign: false }];
  });
}
