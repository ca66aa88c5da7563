import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RunOfSource } from '../lambdas/operations/privacy/filed-by-source.ts';
import type { PrivacyOfficer } from '../lambdas/operations/privacy/officer.ts';
import type { Subject } from '../lambdas/operations/privacy/person.ts';
import { accessReporterOf } from './deployment/access-place.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { listBarriersAgain, officerOf } from './deployment/privacy-place.ts';
import { reapplyTo } from './deployment/restore-place.ts';
import { writeAccess } from './privacy/access-files.ts';
import { verify, writeReceipts } from './privacy/receipts.ts';
import {
  reapplied,
  requestAsJson,
  requestLines,
  requestTable,
  runLines,
  runsAsJson,
  subjectLines,
} from './privacy/report.ts';
import { readWish, type Wish, type WishOptions } from './privacy/wish.ts';
import { runCommand } from './terminal/command.ts';

const usage = `npm run privacy -- preview <type:value>… [--from <file>] [--purpose <key>]… [--traits <file>] [--json]
npm run privacy -- file erasure|suppress|unsuppress|access|portability|opt_out|rectify <type:value>… [--from <file>] [--purpose <key>]… [--traits <file>] [--callback <url>]… [--regulation gdpr|ccpa] [--asked <time>] [--yes]
npm run privacy -- list | show <request> | run [<request> | --source <id>] | answer <request> | cancel <request> [--json]
npm run privacy -- settle <request> <store> [--json]
npm run privacy -- report <request> --to <folder> [--yes]
npm run privacy -- receipts <request> [--to <file>] | verify <file> [--key <public key>] | key
npm run privacy -- relist | reapply --table <table>

Requests of people who want to be forgotten (erasure), to be left alone (suppress), no longer want that (unsuppress), want to know
what is stored about them: as a page to read (access), or as a file for machines (portability), do not want that their data is sold or
used for a purpose (opt_out), or want that it is corrected (rectify).
A request is about the whole merged person, by any identifiers of theirs. A suppressed person's events change no profile until
the suppression is lifted; nothing is deleted. An erased person's events up to that time change no profile; the profile exits
its segments, and five hours later it is deleted. The erasure waits for stores that still hold the person; show lists them.
An opt-out is said for the person as refused consent, under each identifier that you name: name those by which you know the
person, such as a user id or an e-mail address, and not a device alone, whose next page may say yes again.
Requests go on by themselves, every hour. An alarm rings before a request is late that nobody has answered.
  preview       whom it would be about: profiles, events, identifiers, merges, accounts; with --purpose what an opt-out refuses, with --traits what a rectification changes
  file          shows the same, and with --yes files the request and does it
  list          all requests, the oldest first, with the time by which each must be answered: LATE, or SOON while the alarm rings
  show          one request
  run           goes on with a request at once; without one, with every request that can go on
  report        writes what is stored about the person of a request into a folder on this machine: JSON, and for access a page; then answer ends it
  answer        notes that you told the person what was done, or why it takes longer: no alarm rings for the request any more
  settle        notes that you emptied a store by hand for an erasure
  receipts      writes the receipts of a request that changes something: what became of the person, store by store, signed
  verify        verifies such a file, without the deployment: that nothing was changed and nothing is missing
  key           the public key of this deployment's receipts
  relist        writes the list of barriers again, from the items of the profile table
  reapply       takes out of a restored or rebuilt table who was erased or suppressed since; before that, it cannot go live
  cancel        cancels a request that nobody has begun, or that waits for its report or to be said
  --from        a file with one person a line: identifiers, with spaces between them
  --purpose     of opt_out: a purpose of cdp.config.ts that the person refuses; may be repeated [default: sale and sharing]
  --traits      of rectify: a file of JSON with the right value of each trait; null removes one
  --callback    an address that is told each status of the request, https:; may be repeated
  --regulation  gdpr is due 28 days after the person asked, ccpa 45, or as cdp.config.ts says; an opt-out under ccpa 15 business days [default: gdpr]
  --asked       when the person asked, ISO 8601 [default: now]
  --source      of run: begins every erasure that this source filed, because it deleted a record
  --to          of receipts: the file to write, which verify reads; of report: the folder
  --key         of verify: the public key that must have signed, as key shows it
  --table       of reapply: the restored or rebuilt table
  --yes         files and does it; of report: also what merged in after the request was filed
  --json        the same as JSON
  --stack       name of the deployed stack
  --local       the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  from: { type: 'string' },
  purpose: { type: 'string', multiple: true },
  traits: { type: 'string' },
  callback: { type: 'string', multiple: true },
  regulation: { type: 'string', default: 'gdpr' },
  asked: { type: 'string' },
  source: { type: 'string' },
  key: { type: 'string' },
  to: { type: 'string' },
  table: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const notFiled = '\nNothing was filed. To do it, add --yes.';
const now = (): string => new Date().toISOString();
const withOutcome =
  (ends: Parameters<typeof requestLines>[2]) =>
  (done: RunOfSource): string =>
    'refused' in done ? `${done.requestId}: NOT DONE, ${done.refused}` : requestLines(done.request, now(), ends);
const json = (value: unknown): string => JSON.stringify(value, null, 2);

const preview = (subjects: readonly Subject[], given: WishOptions): string =>
  given.json ? json(subjects) : subjects.flatMap(subjectLines).join('\n');

await runCommand(usage, options, async ({ values: { stack, local, ...values }, positionals }) =>
  answer(await readWish(positionals, values, (path) => readFile(path, 'utf8')), values, { stack, local }),
);

async function answer(wish: Wish, given: WishOptions, deployment: Deployment): Promise<string> {
  if (wish.kind === 'relist') {
    const barriers = await listBarriersAgain(deployment);
    return given.json ? json({ barriers }) : `The list has ${barriers} barriers.`;
  }
  if (wish.kind === 'reapply') {
    const done = await reapplyTo(wish.table, deployment);
    return given.json ? json(done) : reapplied(wish.table, done);
  }
  if (wish.kind === 'verify') return verify(await readFile(wish.path, 'utf8'), given);
  if (wish.kind === 'report') return writeAccess(await accessReporterOf(deployment), { ...wish, yes: given.yes });
  const officer = await officerOf(deployment);
  switch (wish.kind) {
    case 'list': {
      const requests = await officer.list();
      return given.json ? json(requests.map(requestAsJson)) : requestTable(requests, now(), officer.deadlines);
    }
    case 'runOpen': {
      const runs = await officer.runOpen();
      if (runs.failed.length > 0 || runs.lakeProblem !== undefined) process.exitCode = 1;
      return given.json ? json(runsAsJson(runs)) : runLines(runs, now(), await officer.endsBy());
    }
    case 'runFiledBy': {
      const done = await officer.runFiledBy(wish.source);
      return given.json
        ? json(done.map((one) => ('refused' in one ? one : { ...one, request: requestAsJson(one.request) })))
        : done.map(withOutcome(await officer.endsBy())).join('\n\n') || `${wish.source} filed nothing that waits.`;
    }
    case 'key':
      return officer.publicKey;
    case 'receipts':
      return writeReceipts(await officer.receipts(wish.id), given.to);
    case 'show':
    case 'run':
    case 'cancel':
    case 'answer':
    case 'settle': {
      const request =
        wish.kind === 'settle' ? await officer.settle(wish.id, wish.store) : await officer[wish.kind](wish.id);
      return given.json ? json(requestAsJson(request)) : requestLines(request, now(), await officer.endsBy());
    }
    case 'preview':
      return preview(await subjectsOf(wish, officer), given);
    case 'file':
      return given.yes
        ? file(wish, given, officer)
        : [preview(await subjectsOf({ ...wish, asked: wish }, officer), given), ...(given.json ? [] : [notFiled])].join(
            '\n',
          );
  }
}

async function subjectsOf(
  {
    people,
    asked,
  }: Pick<Extract<Wish, { kind: 'preview' }>, 'people'> & { asked?: Parameters<PrivacyOfficer['preview']>[1] },
  officer: PrivacyOfficer,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const person of people) subjects.push(await officer.preview(person, asked));
  return subjects;
}

/** Files a request for each person and does it; one that fails stops the rest, and those before it are done. */
async function file(
  { people, ...wish }: Extract<Wish, { kind: 'file' }>,
  given: WishOptions,
  officer: PrivacyOfficer,
): Promise<string> {
  // All are read first, so that a person who cannot be found stops everything before anything is done.
  await subjectsOf({ people, asked: wish }, officer);
  const done = [];
  for (const person of people) {
    const { requestId } = await officer.file({ requestId: randomUUID(), ...wish }, person);
    done.push(await officer.run(requestId));
  }
  if (given.json) return json(done.map(requestAsJson));
  const ends = await officer.endsBy();
  return done.map((request) => requestLines(request, now(), ends)).join('\n\n');
}
