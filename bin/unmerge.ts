import { randomUUID } from 'node:crypto';
import type { Person, Unmerged } from '../lambdas/operations/identity.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { operatorOf } from './deployment/identity-operations.ts';
import { onlyOne, runCommand } from './terminal/command.ts';

const usage = `npm run unmerge -- <profile id | type:value> [--yes] [--json] [--stack Cdp] [--local]

Undoes one identity decision: restores a merged profile (by the id that npm run explain shows), or gives one identifier its own
profile (type:value). The two never merge again. Without --yes it only shows the result.
  --yes    writes the result
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

await runCommand(
  usage,
  { yes: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  async ({ values, positionals }) =>
    answer(onlyOne(positionals, 'what to undo: a profile id, or type:value, e.g. anonymous_id:shared-tablet'), values),
);

interface Wish extends Deployment {
  readonly yes: boolean;
  readonly json: boolean;
}

async function answer(address: string, { yes, json, ...deployment }: Wish): Promise<string> {
  const now = new Date().toISOString();
  const cause = { messageId: `operator-${randomUUID()}`, timestamp: now, at: now };
  const unmerged = await (await operatorOf(deployment)).unmerge(address, cause, yes);
  return json ? JSON.stringify(unmerged, null, 2) : text(unmerged);
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
