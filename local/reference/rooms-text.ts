import { code, table } from './markdown.ts';
import { roomPurposes } from './room-purposes.ts';
import { directArrows, type Rooms } from './rooms.ts';

/** Describes the rooms by a table and the imports by two pictures: storeys of the whole, and rooms of the core. */
export function roomsText(rooms: Rooms): string {
  const rows = Object.entries(roomPurposes).map(([room, purpose]) => [
    code(room),
    String(rooms.files.get(room) ?? 0),
    purpose,
  ]);
  return [
    ...table(['room', 'files', 'holds'], rows),
    'An arrow means "imports". An arrow that follows from others is left out.',
    '',
    ...picture(storeysOf(rooms), (storey) => storey),
    '',
    'The rooms of `lambdas/core`:',
    '',
    ...picture(within(rooms, 'lambdas/core/'), (room) => room.replace('lambdas/core/', '')),
  ].join('\n');
}

const picture = (imports: Rooms['imports'], shown: (room: string) => string): string[] => [
  '```mermaid',
  'graph LR',
  ...directArrows(imports)
    .map(([from, to]) => `  ${idOf(from)}["${shown(from)}"] --> ${idOf(to)}["${shown(to)}"]`)
    .sort(),
  '```',
];

const idOf = (room: string): string => room.replaceAll(/\W/g, '_');

/** The storey of a room: the first two folders for code that runs on AWS, else the first folder. */
const storeyOf = (room: string): string =>
  room === '.' ? 'cdp.config.ts' : (/^(?:lambdas|glue-scripts)\/\w+|^[\w-]+/.exec(room)?.[0] ?? room);

function storeysOf({ imports }: Rooms): Rooms['imports'] {
  const storeys = new Map<string, Set<string>>();
  for (const [room, others] of imports) {
    const from = storeyOf(room);
    const all = storeys.get(from) ?? new Set<string>();
    storeys.set(from, all);
    for (const other of others) if (storeyOf(other) !== from) all.add(storeyOf(other));
  }
  return storeys;
}

const within = ({ imports }: Rooms, folder: string): Rooms['imports'] =>
  new Map(
    [...imports]
      .filter(([room]) => room.startsWith(folder))
      .map(([room, others]) => [room, new Set([...others].filter((other) => other.startsWith(folder)))]),
  );
