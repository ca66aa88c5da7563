import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { entryOfChange } from '../../../lambdas/core/imports/entry.ts';
import { readPieceKey } from '../../../lambdas/core/imports/load.ts';
import { readPieceLine } from '../../../lambdas/core/imports/piece-line.ts';
import { rowStamp } from '../../../lambdas/core/imports/row-stamp.ts';
import { DeclaredObject } from '../../../lambdas/core/sources/objects.ts';

const declared = DeclaredObject.parse({
  object: 'contacts',
  rows: 'records',
  key: ['id'],
  mappings: [{ to: { type: 'identify' } }],
});

/** Prints what the function `import` reads in pieces: for each its object, and for each line what it says. */
const [folder = '', ...keys] = process.argv.slice(2);
const pieces = keys.map((key) => {
  const lines = gunzipSync(readFileSync(`${folder}/${key}`))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  return { object: readPieceKey(key)?.object, lines: lines.map(said) };
});
console.log(JSON.stringify(pieces));

function said(text: string) {
  const read = readPieceLine(text);
  if (!read.ok || 'row' in read.line) return { refused: read.ok ? 'a row' : read.reason };
  if ('bad' in read.line) return { bad: read.line.bad.reason };
  if (declared.rows !== 'records') throw new Error('are records');
  const entry = entryOfChange(read.line, declared);
  const { name, time, more } = entry;
  return { name, time, changed: more.changed, stamp: rowStamp(entry, read.line.place) };
}
