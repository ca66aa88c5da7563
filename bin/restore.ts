import { restoreFrom } from './deployment/restore-place.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';

const usage = `npm run restore -- --from <table> [--stack Cdp] [--local]

Lets a restored or rebuilt table go live: copies its items into the live table, which you emptied before.
It refuses a table to which the list of barriers was not applied as it is now (npm run privacy -- reapply --table <table>),
because people who were erased or suppressed since may be in it. Stop stitching first: docs/guides/repair/restore.md
  --from     the restored or rebuilt table
  --stack    name of the deployed stack
  --local    the platform that npm start runs, instead of the AWS account of your credentials

After Ctrl-C or a crash, the same command ends the same.`;

await runCommand(usage, { from: { type: 'string' } }, async ({ values: { from, stack, local }, positionals }) => {
  noneOf(positionals);
  if (from === undefined) throw new Misused('say the restored or rebuilt table: --from <name>');
  const { copied, live } = await restoreFrom(from, { stack, local });
  return `${copied} items of ${from} are live in ${live}. Next: start stitching, and replay what came in since: docs/guides/repair/restore.md`;
});
