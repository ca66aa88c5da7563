import { byHand, byRequest } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import type { Piece } from './pieces.ts';
import type { Found } from './stores-with.ts';

/** Stores that hold people, but nothing that this one says of herself, and why that is no gap. */
const without: Readonly<Record<string, string>> = {
  'privacy requests': 'keyed hashes and profile ids; the scan sees that no request names her',
  'files of attempts to deliver':
    'a keyed hash; test/e2e/commands/deliveries-command.test.ts sees that nobody is named',
  'attempts to deliver': 'the same hashes, which their time takes away',
  'logs of functions, jobs, deliveries and APIs': 'the scan sees that no line names her',
  'the list of barriers': 'parts of keyed hashes; the scan sees that it names nobody',
  'marts of counts': 'numbers; the scan sees that no file names her',
  'identity decisions that Firehose could not write': 'made when Firehose refuses; they go as raw events do',
  'histories of new definitions': 'made when a definition is new; they go a week after they are made',
  'files and rows of imports': 'of sources that have files; they go as raw events do',
  'records of sources': 'of sources whose rows are records, and emptied by hand',
  'buffers of Firehose': 'nobody can look into them; all lines of hers are in the lake before the scan',
};

/** Streams, of which nothing can be deleted: what came before the table was empty goes by their time. */
export const streams = ['the event stream', 'the profile table, its stream and its backups'];

/** Names of `without` that no store has any more. */
export const unknown = Object.keys(without).filter((name) => stores.every((store) => store.name !== name));

const hers = stores.filter(
  ({ name, holds, erasedBy }) => holds !== undefined && !(name in without) && !erasedBy.startsWith(byHand),
);

/** Stores in which the scan must see her, or it sees nothing. */
export const expected = hers.map(({ name }) => name).sort();

/** Those that nothing empties before their time. */
export const passing = hers.flatMap(({ name, days, erasedBy }) =>
  days !== undefined && !erasedBy.startsWith(byRequest) ? [name] : [],
);

/** Names of the stores in which something was found. */
export const namesIn = (all: Found): string[] =>
  [...all].flatMap(([store, { length }]) => (length > 0 ? [store] : [])).sort();

/** Where something was found that counts. */
export const placesIn = (all: Found, counts: (store: string, piece: Piece) => boolean): string[] =>
  [...all].flatMap(([store, pieces]) =>
    pieces.filter((piece) => counts(store, piece)).map(({ where }) => `${store}: ${where}`),
  );
