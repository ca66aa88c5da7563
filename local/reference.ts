import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { noneOf, runProgram } from '../bin/terminal/command.ts';
import { destinationPages } from './reference/destination-pages.ts';
import { referencePages } from './reference/pages.ts';

const usage = `npm run reference

Writes the pages of docs/reference from the docstrings, the table of rooms, and the pages of docs/destinations.`;

await runProgram(usage, {}, async ({ positionals }) => {
  noneOf(positionals);
  const pages = [...referencePages(), ...destinationPages()];
  rmSync('docs/destinations', { recursive: true, force: true });
  mkdirSync('docs/destinations');
  for (const [file, text] of pages) writeFileSync(file, text);
  return `${pages.length} pages are written`;
});
