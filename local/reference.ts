import { writeFileSync } from 'node:fs';
import { referencePages } from './reference/pages.ts';

const usage = `npm run reference

Writes the pages of docs/reference that are made of docstrings.`;

if (process.argv.includes('--help')) console.log(usage);
else
  for (const [file, text] of referencePages()) {
    writeFileSync(file, text);
    console.log(`${file} is written`);
  }
