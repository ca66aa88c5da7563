import { writeFileSync } from 'node:fs';
import { noneOf, runProgram } from '../bin/terminal/command.ts';
import { referencePages } from './reference/pages.ts';

const usage = `npm run reference

Writes the pages of docs/reference from the docstrings, and the table of rooms.`;

await runProgram(usage, {}, async ({ positionals }) => {
  noneOf(positionals);
  const pages = [...referencePages()];
  for (const [file, text] of pages) writeFileSync(file, text);
  return pages.map(([file]) => `${file} is written`).join('\n');
});
