import { byHand, byRequest, type Store } from '../../../lambdas/core/privacy/stores/store.ts';
import { parts } from './parts.ts';
import type { Found, Seen } from './stores-with.ts';

/** Stores, or parts of them, that hold people, but nothing that this one says of herself, and why that is no gap. */
const without: Readonly<Record<string, string>> = {
  'privacy requests': 'keyed hashes and profile ids; the scan sees that no request names her',
  'files of attempts to deliver':
    'a keyed hash; test/e2e/commands/deliveries-command.test.ts sees that nobody is named',
  'attempts to deliver': 'the same hashes, which their time takes away',
  'logs of functions, jobs, deliveries and APIs': 'the scan sees that no line names her',
  'the list of barriers': 'parts of keyed hashes; the scan sees that it names nobody',
  'marts of counts': 'numbers; the scan sees that no file names her',
  'raw events: raw-errors/': 'what Firehose cannot write; it goes as raw events do',
  'quarantine: quarantine-errors/': 'what Firehose cannot write; it goes as quarantine does',
  'identity decisions that Firehose could not write': 'made when Firehose refuses; they go as raw events do',
  'identities of the lake: identity_suggestions':
    'made where people are matched by traits; test/glue/erasing/test_erased_people.py sees them go',
  'histories of new definitions': 'made when a definition is new; they go a week after they are made',
  'files and rows of imports': 'of sources that have files; they go as raw events do',
  'records of sources': 'of sources whose rows are records, and emptied by hand',
  'buffers of Firehose': 'nobody can look into them; all lines of hers are in the lake before the scan',
};

/** Where profile ids of hers stay, and why. */
export const ofIds: Readonly<Record<string, string>> = {
  'privacy requests': 'the request is about these profiles',
  'identities of the lake: identity_log': 'so that what comes in late about one of them is known',
};

/** The stream of the profile table, whose times are whole seconds. */
export const tableStream = 'the profile table, its stream and its backups';
/** The stream of events. Of neither anything can be deleted: what came before the table was empty goes by its time. */
export const eventStream = 'the event stream';

const isOf = ({ name }: Store, key: string): boolean => name === key || name.startsWith(`${key}: `);

/** Names of these lists that no part of a store has any more. */
export const unknown = [...Object.keys(without), ...Object.keys(ofIds), tableStream, eventStream].filter((key) =>
  parts.every((part) => !isOf(part, key)),
);

const hers = parts.filter(
  (part) =>
    part.holds !== undefined &&
    !part.erasedBy.startsWith(byHand) &&
    Object.keys(without).every((key) => !isOf(part, key)),
);

/** Parts of stores in which the scan must see her, or it sees nothing. */
export const expected = hers.map(({ name }) => name).sort();

/** Parts in which nothing is of hers before she is erased. */
export const others = parts.filter((part) => !hers.includes(part));

/** Those that nothing empties before their time. */
export const passing = hers.flatMap(({ name, days, erasedBy }) =>
  days !== undefined && !erasedBy.startsWith(byRequest) ? [name] : [],
);

/** Names of the parts in which one of some texts was found. */
export const namesIn = (all: Found, texts: readonly string[]): string[] =>
  [...all].flatMap(([part, pieces]) => (pieces.some((piece) => hasOneOf(piece, texts)) ? [part] : [])).sort();

/** Where something was found that counts. */
export const placesIn = (all: Found, counts: (part: string, piece: Seen) => boolean): string[] =>
  [...all].flatMap(([part, pieces]) =>
    pieces.filter((piece) => counts(part, piece)).map(({ where, has }) => `${part}: ${where} has ${has.join(', ')}`),
  );

/** Whether a piece has one of some texts. */
export const hasOneOf = ({ has }: Seen, texts: readonly string[]): boolean => has.some((text) => texts.includes(text));
