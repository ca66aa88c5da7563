import { config } from '../cdp.config.ts';
import type { ExplanationWithRows, LakeRow } from '../lambdas/core/operations/explain-rows.ts';
import { nameRows } from '../lambdas/operations/name-rows.ts';
import type { Tellings } from '../lambdas/operations/told.ts';
import { runQuery } from './athena/run-query.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { operatorOf, tellingsOf } from './deployment/identity-operations.ts';
import { queryPlace } from './deployment/query-place.ts';
import { rowText } from './sources/row-text.ts';
import { onlyOne, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';
import { textTable } from './terminal/text-table.ts';

const usage = `npm run explain -- <type:value | profile id> [--json] [--stack Cdp] [--local]

Explains the identity of a person or account: every identifier and every merge, with its message and time, and of each
trait which source said it, when, and why it survived. What a row said names the row: its object, its key, and where it
stood, such as the line of a file; the lake is asked for it. Tells its computed traits of now, what each destination was
told about it, and what its consent means for each purpose.
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

await runCommand(usage, { json: { type: 'boolean', default: false } }, async ({ values, positionals }) =>
  answer(onlyOne(positionals, 'whom: type:value, e.g. email:ann@example.com, or a profile id'), values),
);

async function answer(text: string, { json, ...deployment }: Deployment & { readonly json: boolean }): Promise<string> {
  const explained = await (await operatorOf(deployment)).explain(text);
  const { explanation, failed } = await nameRows(explained, config, (sql) => ask(sql, deployment));
  const tellings = await tellingsOf(deployment, text);
  if (json) return JSON.stringify({ ...explanation, ...tellings, rowsFailed: failed }, null, 2);
  const { profileId, collection, createdAt, eventCount, identifiers, released, merges, apart, notKept, log, traits } =
    explanation;
  const links = identifiers.map((each) => [
    each.linkedAt,
    each.identifier,
    each.rule,
    each.messageId ?? 'unknown message',
    each.givenTo ?? '',
    rowText(each.row),
  ]);
  const merged = merges.map((each) => [
    each.at,
    each.absorbed,
    each.rule,
    each.messageId ?? 'unknown message',
    each.undoable ? '' : 'cannot be undone',
    rowText(each.row),
  ]);
  return [
    `${profileId} (${collection}), made ${createdAt}, ${eventCount} events`,
    '',
    'identifiers: linked, identifier, rule, message, given to, row',
    ...columns(links),
    ...(released.length > 0
      ? [
          '',
          'released: when, identifier, by source; from then on it names somebody else',
          ...columns(released.map(({ at, identifier, source }) => [at, identifier, source ?? 'unknown source'])),
        ]
      : []),
    ...(merged.length > 0 ? ['', 'merges: at, absorbed, rule, message, row', ...columns(merged)] : []),
    ...(traits.length > 0
      ? ['', 'traits: said, trait, source, message, why, row', ...columns(traits.flatMap(traitRows))]
      : []),
    ...(failed === undefined ? [] : ['', `the lake could not be asked for rows: ${failed}`]),
    ...(notKept.length > 0
      ? [
          '',
          'not kept, for lack of room: said, trait, bytes',
          ...columns(notKept.map((each) => [each.said, each.trait, `${each.bytes}`])),
        ]
      : []),
    ...horizonLines(explanation.horizons),
    ...tellingLines(tellings),
    ...consentLines(tellings.consent),
    ...(apart.length > 0 ? ['', 'parted for good from', ...apart.map((id) => `  ${id}`)] : []),
    '',
    `What limits dropped and what was blocked is in the lake, below ${log}`,
  ].join('\n');
}

/** A trait's surviving statement, and below it what other sources said. */
function traitRows(explained: ExplanationWithRows['traits'][number]): string[][] {
  const { trait, said, source, messageId, rule, others } = explained;
  const rows = others.map((other) => [
    other.said,
    '',
    other.source,
    other.messageId,
    other.state === 'removed' ? 'took it back' : 'less trusted',
    rowText(other.row),
  ]);
  return [[said, trait, source, messageId, rule, rowText(explained.row)], ...rows];
}

/** Asks the lake. Any number of messages have as many events as there are sources and people that use their ids. */
async function ask(sql: string, deployment: Deployment): Promise<LakeRow[]> {
  const place = await queryPlace(deployment);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const { rows } = await runQuery(place.athena, { ...place, sql, limit: 10_000 }, stateLine('rows'), stopped.signal);
  return rows.map(([message = null, source = null, context = null]): LakeRow => [message, source, context]);
}

function tellingLines({ computedTraits, told }: Tellings): string[] {
  const values = Object.entries(computedTraits).map(([trait, value]) => [trait, JSON.stringify(value)]);
  const things = told.map(({ destination, kind, key, state, since, names }) => [
    destination,
    `${kind} ${key}`,
    since === null ? state : `${state} since ${since}`,
    names.join(', '),
  ]);
  return [
    ...(values.length > 0 ? ['', 'computed traits of now: trait, value', ...columns(values)] : []),
    ...(things.length > 0
      ? ['', 'told to destinations: destination, what, state, under which names', ...columns(things)]
      : []),
  ];
}

function consentLines({ purposes, withheldFrom }: Tellings['consent']): string[] {
  const rows = purposes.flatMap(({ purpose, isAllowed, by, statements }) => {
    const standing = `${isAllowed ? 'allowed' : 'not allowed'} by ${by === 'default' ? 'its default' : by}`;
    if (statements.length === 0) return [[purpose, standing, '', '', '', '']];
    return statements.map(({ category, granted, identifier, isElsewhere, at, sourceId }) => {
      const said = `${category} ${granted ? 'yes' : 'no'}`;
      const speaker = isElsewhere ? `${identifier}, with an identifier that was not kept` : identifier;
      return [purpose, standing, said, at, sourceId ?? 'unknown source', speaker];
    });
  });
  return [
    ...(rows.length > 0 ? ['', 'consent: purpose, standing, said, at, source, identifier', ...columns(rows)] : []),
    ...(withheldFrom.length > 0 ? ['', `not told for want of consent: ${withheldFrom.join(', ')}`] : []),
  ];
}

/** The times up to which values may be missing because the profile had no room. */
function horizonLines({
  traits,
  accounts,
  consent,
}: { readonly [kind in 'traits' | 'accounts' | 'consent']: string | null }): string[] {
  const lines = [
    ...(traits === null ? [] : [`  trait values stated until ${traits}`]),
    ...(accounts === null ? [] : [`  accounts last seen until ${accounts}`]),
    ...(consent === null ? [] : [`  consent to categories from ${JSON.stringify(consent)} on, which count as refused`]),
  ];
  return lines.length > 0 ? ['', 'no room for', ...lines] : [];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  return textTable(rows).map((line) => `  ${line}`);
}
