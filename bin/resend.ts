import { resent } from './destinations/resent.ts';
import { onlyOne, runCommand } from './terminal/command.ts';

const usage = `npm run resend -- <destination> [--segment <key>]… [--trait <key>]… [--profile <id>]… [--dry-run] [--per-second 100] [--restart] [--json] [--stack Cdp] [--local]

Has a destination told again what is true: the memberships of everybody, and the computed traits that it is told. For a new destination, mapping, segment, trait, identifier or consent.
  --segment     only this segment; may be repeated. With --trait alone, no segment
  --trait       only this computed trait; may be repeated. With --segment alone, no trait
  --profile     only this profile; may be repeated
  --dry-run     counts what would be told, and tells nothing
  --per-second  messages a second that it puts on the destination's queue
  --restart     begins again instead of going on with what was stopped
  --json        the result as JSON
  --stack       name of the deployed stack
  --local       the platform that npm start runs, instead of the AWS account of your credentials

It reads the whole profile table once, part by part. After Ctrl-C or a crash the same command goes on with the part that it had begun. Deploy cdp.config.ts first: the function drops what its own configuration does not name.`;

const options = {
  segment: { type: 'string', multiple: true },
  trait: { type: 'string', multiple: true },
  profile: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  'per-second': { type: 'string', default: '100' },
  restart: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

await runCommand(usage, options, ({ values, positionals }) =>
  resent(onlyOne(positionals, 'the id of a destination'), values),
);
