import { gunzipSync } from 'node:zlib';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import type { CommitChecker } from '../checkers/commit-checker.ts';
import { describeProfile } from '../checkers/described.ts';
import { type Expected, expectedProfiles } from '../checkers/oracle.ts';
import type { Bucket } from './bucket.ts';
import { contactThen, messageIdOf, releasesIn, truthsOfChanges } from './contacts.ts';
import { type Content, truthsOf } from './files.ts';
import type { LedgerChecker } from './ledger-checker.ts';
import type { ImportPlan } from './plan.ts';

/** A history at its end, when everything was taken. */
interface End {
  readonly plan: ImportPlan;
  /** Privacy requests, as the table has them. */
  readonly requests: readonly Item[];
  readonly bucket: Bucket;
  readonly ledger: LedgerChecker;
  readonly checker: CommitChecker;
  /** Lines of the event stream. */
  readonly lines: readonly string[];
  /** Whether all happened within the time for which a profile remembers messages; the lake corrects later counts. */
  readonly remembersAll: boolean;
}

/** What is wrong at the end of a history. */
export function importViolations(end: End): string[] {
  const wanted = distinct(end.plan.contents);
  return [
    ...unstaged(end, wanted),
    ...uncounted(end, wanted),
    ...unsent(end, wanted),
    ...quarantined(end, wanted),
    ...unapplied(end),
    ...untold(end),
    ...unfiled(end),
  ];
}

/** The contents that can be used, each once. */
const distinct = (contents: readonly Content[]): Content[] => [
  ...new Map(
    contents.filter(({ isRefused }) => !isRefused).map((content) => [content.object + content.text, content]),
  ).values(),
];

const times = <T>(items: readonly T[]): Map<T, number> =>
  new Map([...Map.groupBy(items, (item) => item)].map(([item, all]) => [item, all.length]));

/** Each content is staged once, whatever its names, and whoever stages a piece again writes the same bytes. */
function unstaged({ bucket, ledger }: End, wanted: readonly Content[]): string[] {
  const pieces = [...bucket.below('imports/staged/crm/').keys()];
  const loads = new Set(pieces.map((key) => key.split('/')[3]));
  const full = wanted.filter(({ rows }) => rows.length > 0);
  const open = [...ledger.entries].filter(([, { state }]) => state !== 'done').map(([key]) => key);
  return [
    ...(loads.size === full.length ? [] : [`${full.length} contents are staged as ${loads.size} loads`]),
    ...pieces.filter((key) => bucket.bodiesOf(key) > 1).map((key) => `${key} has several contents`),
    ...open.map((key) => `${key} is not done`),
  ];
}

/** Sent and in quarantine are all rows. */
function uncounted({ ledger, plan: { pieces } }: End, wanted: readonly Content[]): string[] {
  const changes = pieces.flatMap((piece) => piece.changes.map(() => ({ isGood: true })));
  const rows = [...wanted.flatMap((content) => content.rows), ...changes];
  const good = rows.filter(({ isGood }) => isGood).length;
  const { sent, quarantined: aside } = ledger.counted();
  return sent === good && aside === rows.length - good
    ? []
    : [`of ${rows.length} rows, ${good} of them good, the ledger counts ${sent} sent and ${aside} in quarantine`];
}

/** Invariant 1, its first half, and that what a file sends again is the same to the last byte. */
function unsent({ lines, plan: { pieces, slow, rates } }: End, wanted: readonly Content[]): string[] {
  // Where nothing fails and nobody is slow, nothing is sent twice.
  const isQuiet = slow === 0 && Object.values(rates).every((rate) => rate === 0);
  const ids = lines.map(idOf);
  const sent = times(ids);
  const ofFiles = wanted.flatMap((content) => truthsOf(content, []).map(({ messageId }) => messageId));
  const must = times([...ofFiles, ...pieces.flatMap(({ changes }) => changes.map(messageIdOf))]);
  const forms = times([...new Set(lines)].map(idOf));
  return [
    ...[...must.keys()].filter((id) => !sent.has(id)).map((id) => `${id} is not on the stream`),
    ...[...sent.keys()].filter((id) => !must.has(id)).map((id) => `${id} is on the stream and in no file`),
    ...[...forms].flatMap(([id, count]) =>
      count <= (must.get(id) ?? 0) ? [] : [`${id} was sent in ${count} forms, and is in ${must.get(id)} files`],
    ),
    ...[...(isQuiet ? must : [])].flatMap(([id, count]) =>
      sent.get(id) === count ? [] : [`${id} was sent ${sent.get(id)} times, and is in ${count} files`],
    ),
  ];
}

const idOf = (line: string): string => /"messageId":"([^"]+)"/.exec(line)?.[1] ?? '';

/** Each bad row lies in quarantine once, with its line and a reason. */
function quarantined({ bucket }: End, wanted: readonly Content[]): string[] {
  const kept = [...bucket.below('quarantine/').values()]
    .flatMap((body) => gunzipSync(body).toString().trim().split('\n'))
    .map((line) => JSON.parse(line) as { reason: string; place: { file: string; line: number } });
  const named = times(kept.map(({ place: { file, line } }) => `${file.replace(/ again \d/, '')} ${line}`));
  const must = wanted.flatMap(({ rows, names: [file] }) =>
    rows.flatMap(({ isGood }, n) => (isGood ? [] : [`${file} ${n + 2}`])),
  );
  return [
    ...must.filter((row) => named.get(row) !== 1).map((row) => `${row} is ${named.get(row) ?? 0} times in quarantine`),
    ...[...named.keys()].filter((row) => !must.includes(row)).map((row) => `${row} is in quarantine without ground`),
    ...kept.filter(({ reason }) => reason === '').map(() => 'a row is in quarantine without a reason'),
  ];
}

/** Invariants 1 to 4: the profiles are those of the oracle, made of what was sent. */
function unapplied({ plan: { contents, pieces }, checker, lines, remembersAll }: End): string[] {
  const at = new Map(lines.map((line) => [idOf(line), /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '']));
  const changes = pieces.flatMap((piece) => piece.changes);
  const ofFiles = distinct(contents).flatMap((content) => truthsOf(content, releasesIn(changes)));
  const truths = [...ofFiles, ...truthsOfChanges(changes)];
  const expected = expectedProfiles(truths.map((truth) => ({ ...truth, timestamp: at.get(truth.messageId) ?? '' })));
  const shown = ({ messages, ...profile }: Expected) =>
    JSON.stringify({ messages: remembersAll && messages, ...profile });
  const live: Profile[] = [...checker.profiles.values()].flatMap((item) =>
    item.kind === 'profile' ? [item.profile] : [],
  );
  const [found, wanted] = [
    new Set(live.map((profile) => shown(JSON.parse(describeProfile(profile))))),
    new Set(expected.map(shown)),
  ];
  return [
    ...[...found].filter((text) => !wanted.has(text)).map((text) => `profile that should not be: ${text}`),
    ...[...wanted].filter((text) => !found.has(text)).map((text) => `profile that is missing: ${text}`),
  ];
}

/** Beside each file lies what became of it. */
function untold({ plan: { contents }, bucket }: End): string[] {
  const summaries = bucket.below('imports/summaries/');
  return contents.flatMap(({ names, isRefused }) =>
    names.flatMap((name) => {
      const key = `${name.replace('files', 'summaries')}.json`;
      const state: string = JSON.parse(summaries.get(key)?.toString() ?? '{}').state ?? 'told nobody';
      return (isRefused ? ['refused'] : ['staged', 'known']).includes(state) ? [] : [`${name} is ${state}`];
    }),
  );
}

/** Of each deletion that shall erase somebody there is one request, about what the contact was called until then. */
function unfiled({ plan: { pieces, deletes }, requests }: End): string[] {
  const releases = deletes === 'erase' ? releasesIn(pieces.flatMap(({ changes }) => changes)) : [];
  const must = releases.map(({ id, at }) => contactThen(id, at, releases).replace(':', '#')).sort();
  const filed = requests.map(({ keys }) => String(keys)).sort();
  return String(filed) === String(must) ? [] : [`erasures are asked for ${filed}, and ${must} were deleted`];
}
