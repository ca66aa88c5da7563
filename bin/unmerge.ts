import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Person, Unmerged } from '../lambdas/adapters/identity-operator.ts';
import { operatorOf } from './identity-operator.ts';

const usage = `npm run unmerge -- <profile id | type:value> [--yes] [--json] [--stack Cdp] [--local]

Undoes one step of identity: gives a merged profile its life back (by its id, as npm run explain names it), or gives one
identifier a profile of its own (type:value). The two never merge again. Without --yes, only shows what would become of them.
  --yes    do it
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'Cdp' },
    local: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const [address] = positionals;
if (values.help || address === undefined || positionals.length > 1) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    const now = new Date().toISOString();
    const cause = { messageId: `operator-${randomUUID()}`, timestamp: now, at: now };
    const unmerged = await (await operatorOf(values)).unmerge(address, cause, values.yes);
    console.log(values.json ? JSON.stringify(unmerged, null, 2) : text(unmerged));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

function text({ done, left, parted }: Unmerged): string {
  const end = done ? 'Done; they stay apart.' : 'Nothing was changed. To do it, add --yes.';
  return [...about('stays', left), ...about('leaves', parted), end].join('\n');
}

function about(role: string, { profileId, identifiers, traits, eventCount, segments, changes }: Person): string[] {
  return [
    `${role}: ${profileId}, ${eventCount} events`,
    `  identifiers  ${identifiers.join(', ')}`,
    `  traits       ${JSON.stringify(traits)}`,
    `  segments     ${segments.join(', ') || 'none'}`,
    `  announced    ${changes.map(({ segment, change }) => `${change} ${segment}`).join(', ') || 'nothing'}`,
    '',
  ];
}
