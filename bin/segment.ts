import { config } from '../cdp.config.ts';
import { lastOutcome, standingOf } from '../lambdas/operations/histories/standing.ts';
import { segmentOperator } from '../lambdas/operations/segments.ts';
import { historyPlace } from './deployment/history-place.ts';
import { identityTableOf, registryOf } from './deployment/identity-operations.ts';
import { queryPlace } from './deployment/query-place.ts';
import { segmentTableOf } from './deployment/segment-table.ts';
import { applied, type DecideWish, numberOf, previewed } from './segments/decide.ts';
import { explanationReport } from './segments/explanation-report.ts';
import { standingLines } from './segments/histories.ts';
import { daysReport, segmentDays, segmentStays, staysReport } from './segments/history.ts';
import { listReport } from './segments/list-report.ts';
import { mostRows, segmentSizes, sizeReport } from './segments/membership.ts';
import { type UploadWish, uploaded } from './segments/upload.ts';
import { Misused, noneOf, onlyOne, runCommand } from './terminal/command.ts';

const common = `  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const usages = {
  list: `npm run segment -- list [--json]

Lists the segments and computed traits of cdp.config.ts: what each reads, what it needs of a profile at worst, and whether it changes by itself as time goes on.`,
  explain: `npm run segment -- explain <key> <type:value | profile id> [--json] [--stack Cdp] [--local]

Explains why a person is in a segment or not: each part of the rule, whether it is true, which events and values decide it, and when it changes by itself.
${common}`,
  status: `npm run segment -- status [--json] [--stack Cdp] [--local]

Shows how many people the lake has in each segment, by the last run of its jobs.
${common}`,
  history: `npm run segment -- history <key> [--by day] [--limit 100] [--json] [--stack Cdp] [--local]

Shows who entered a segment, when, and when they left it, as the lake has it, newest first.
  --by     day shows for each day how many entered and left
  --limit  how many lines, the newest
${common}`,
  upload: `npm run segment -- upload <list> <file> [--replaces <earlier file>] [--source <id>] [--rate 500] [--dry-run] [--stack Cdp] [--local]

Puts the people of a file on a list, which inList('<list>') reads: CSV with a header, or NDJSON, with user_id or anonymous_id, and email and phone if you like. The file is on this machine or at s3://bucket/key.
  --replaces  who is in this earlier file, and not in the new one, leaves the list
  --source    whose events they are; the first source that is no browser
  --rate      maximum of events a second, so that the stream has room for new events
  --dry-run   only reads the file
${common}`,
  preview: `npm run segment -- preview [<key>] [--sample 100] [--json] [--stack Cdp] [--local]

Shows what cdp.config.ts would change for the people in the profile table: members, who would enter and exit, what that writes and sends. It writes nothing.
  --sample  percent of the table to read; less than 100 gives an interval of 95 % confidence
${common}`,
  apply: `npm run segment -- apply [--confirm] [--entries <number>] [--histories] [--settle-minutes 15] [--json] [--stack Cdp] [--local]

Decides the segments of everybody whom other definitions decided, by cdp.config.ts. Deploy it before. People enter and exit as if something had happened to them. Run it again at any time: nobody is announced twice.
Where a deployment added something to count, it first brings the profiles what the lake has of it from before: it waits until the lake has every event from before the deployment, runs jobs, and takes in what they gathered.
  --confirm         although more than 10,000 people, or a fifth of all, enter a segment
  --entries         ends after about so many entries; the same command goes on
  --histories       gathers the history of all definitions again, for profiles that lack some
  --settle-minutes  minutes that an event may need to reach the lake
${common}`,
};
type Verb = keyof typeof usages;

const verbs = Object.keys(usages);
const isVerb = (word: string | undefined): word is Verb => word !== undefined && verbs.includes(word);
const [, , asked] = process.argv;
const usage = isVerb(asked) ? usages[asked] : Object.values(usages).join('\n\n');

interface Wish extends DecideWish, UploadWish {
  readonly segments: ReturnType<typeof segmentOperator>;
  readonly by?: string;
  readonly limit: string;
}

await runCommand(
  usage,
  {
    json: { type: 'boolean', default: false },
    sample: { type: 'string', default: '100' },
    entries: { type: 'string' },
    by: { type: 'string' },
    replaces: { type: 'string' },
    source: { type: 'string' },
    rate: { type: 'string', default: '500' },
    'dry-run': { type: 'boolean', default: false },
    limit: { type: 'string', default: '100' },
    confirm: { type: 'boolean', default: false },
    histories: { type: 'boolean', default: false },
    'settle-minutes': { type: 'string', default: '15' },
  },
  async ({ values, positionals: [verb, ...given] }) => {
    if (!isVerb(verb))
      throw new Misused(`say what to do: ${verbs.join(', ')}${verb === undefined ? '' : `; got "${verb}"`}`);
    return answer(verb, given, { ...values, segments: segmentOperator(config) });
  },
);

async function answer(verb: Verb, given: readonly string[], wish: Wish): Promise<string> {
  const defined = wish.segments.list();
  switch (verb) {
    case 'list':
      noneOf(given);
      return told(defined, listReport, wish);
    case 'explain':
      return explained(given, wish);
    case 'status':
      noneOf(given);
      return statusOf(defined.segments, wish);
    case 'preview':
      return previewed(given.length === 0 ? undefined : definedKey(onlyOne(given, 'the key of a segment'), wish), wish);
    case 'upload':
      return uploaded(given, wish);
    case 'apply':
      noneOf(given);
      return applied(wish);
    case 'history': {
      const key = definedKey(onlyOne(given, `the key of a segment: ${keysOf(wish)}`), wish);
      return history(key, Math.ceil(numberOf('limit', wish.limit, { most: mostRows })), wish);
    }
  }
}

/** Sizes by the lake, and which definitions lack their history by the profile table. */
async function statusOf(defined: Parameters<typeof segmentSizes>[1], wish: Wish): Promise<string> {
  const { deployed, registry } = await segmentTableOf(wish);
  const standing = standingOf(config, await registry());
  const lacking = new Set(standing?.waiting.segments);
  const sizes = await segmentSizes(await queryPlace(wish), defined, Date.now());
  const all = sizes.map((size) => ({ ...size, lacksHistory: lacking.has(size.segment) }));
  const lines = standingLines(standing, await lastOutcome(historyPlace(deployed, wish)));
  return told(all, (some) => [sizeReport(some), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n'), wish);
}

/** @throws Misused when it is to be shown by something else than days */
async function history(key: string, limit: number, wish: Wish): Promise<string> {
  if (wish.by !== undefined && wish.by !== 'day') throw new Misused(`--by must be day; got "${wish.by}"`);
  const place = await queryPlace(wish);
  return wish.by === 'day'
    ? told(await segmentDays(place, key, limit), (days) => daysReport(key, days, limit), wish)
    : told(await segmentStays(place, key, limit), (stays) => staysReport(key, stays, limit), wish);
}

async function explained([key, whom, ...more]: readonly string[], wish: Wish): Promise<string> {
  if (key === undefined || whom === undefined || more.length > 0)
    throw new Misused(`give the key of a segment (${keysOf(wish)}) and a person, e.g. email:ann@example.com`);
  const segment = definedKey(key, wish);
  const table = { ...(await identityTableOf(wish)), registry: await registryOf(wish) };
  const explanation = await wish.segments.explain(table, segment, whom, Date.now());
  return told(explanation, explanationReport, wish);
}

/** @throws Misused that names the segments that are defined */
function definedKey(key: string, wish: Wish): string {
  if (wish.segments.list().segments.some((each) => each.key === key)) return key;
  throw new Misused(`there is no segment "${key}"; cdp.config.ts defines: ${keysOf(wish)}`);
}

function keysOf({ segments }: Wish): string {
  const keys = segments.list().segments.map(({ key }) => key);
  return keys.join(', ') || 'none';
}

function told<Answer>(answer: Answer, report: (answer: Answer) => string, { json }: Wish): string {
  return json ? JSON.stringify(answer, null, 2) : report(answer);
}
