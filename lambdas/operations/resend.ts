import type { TablePart } from '../adapters/dynamodb/profile-scan.ts';
import type { Read } from '../adapters/dynamodb/read-profile.ts';
import type { ProfileChange } from '../core/destinations/announcement.ts';
import type { Profile } from '../core/profile/profile.ts';
import { noProgress, type Progress, Stopped } from './lake-walk.ts';

/** What a resend works with. */
export interface ResendDeps {
  readonly parts: number;
  readonly scan: (part: TablePart) => AsyncIterable<readonly Read[]>;
  readonly newsOf: (profile: Profile) => readonly ProfileChange[];
  /** Puts messages on the destination's queue; absent if they are only counted. */
  readonly send?: ((bodies: readonly string[]) => Promise<void>) | undefined;
  /** Messages a second. */
  readonly perSecond: number;
  /** Makes a text that no other resend has. */
  readonly newRun: () => string;
  readonly load: () => Promise<Progress | undefined>;
  readonly save: (progress: Progress) => Promise<void>;
  readonly tell: (progress: Progress) => void;
  readonly isStopped: () => boolean;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Messages in one request to SQS. */
const perRequest = 10;

/**
 * Has a destination told again what is true, part by part of the table. A part that was not finished is read from its
 * start by the next one: its messages name the same run, and so the calls that tell them have the same ids.
 * @throws Stopped
 */
export async function resend(deps: ResendDeps): Promise<Progress> {
  const before = (await deps.load()) ?? { ...noProgress, key: deps.newRun() };
  let progress: Progress = before.done ? { ...noProgress, key: deps.newRun() } : before;
  if (deps.send) await deps.save(progress);
  for (let part = progress.objects; part < deps.parts; part++) {
    const counts = await resendPart({ part, parts: deps.parts }, progress, deps);
    progress = { ...progress, objects: part + 1, counts, done: part + 1 === deps.parts };
    if (deps.send) await deps.save(progress);
    deps.tell(progress);
  }
  return progress;
}

async function resendPart(part: TablePart, { key, counts: before, objects }: Progress, deps: ResendDeps) {
  const counts = new Map(Object.entries(before));
  const begun = deps.now();
  let sent = 0;
  const count = (name: string, more = 1): void => void counts.set(name, (counts.get(name) ?? 0) + more);
  for await (const page of deps.scan(part)) {
    const profiles = page.flatMap((read) => ('fault' in read ? [] : [read.profile]));
    count('profiles', profiles.length);
    count('unreadable', page.length - profiles.length);
    const news = profiles.flatMap((profile) => deps.newsOf(profile));
    for (let at = 0; at < news.length; at += perRequest) {
      if (deps.isStopped()) throw new Stopped();
      const some = news.slice(at, at + perRequest);
      await deps.send?.(some.map((detail) => JSON.stringify({ id: key, source: 'cdp.segments', detail })));
      for (const each of some) count('trait' in each ? `trait ${each.trait}` : `segment ${each.segment}`);
      sent += some.length;
      const early = (sent / deps.perSecond) * 1_000 - (deps.now() - begun);
      if (deps.send && early > 0) await deps.sleep(early);
    }
    deps.tell({ key, line: 0, objects, counts: Object.fromEntries(counts), done: false });
  }
  return Object.fromEntries([...counts].filter(([, each]) => each > 0));
}
