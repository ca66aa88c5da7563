import * as z from 'zod';
import { type Filing, isOpen, type StoredRequest } from './request.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Within how many days privacy requests are answered, and how long before the end an alarm rings. */
export const Deadlines = z
  .strictObject({
    /** Days after a person asked under GDPR, 1 to 28: the law gives a month, and the shortest has 28. */
    gdprDays: z.int().min(1).max(28).default(28),
    /** Days after a person asked under CCPA, 1 to 45. */
    ccpaDays: z.int().min(1).max(45).default(45),
    /** Days before the end at which the alarm `RequestsDue` rings, 1 to 27. Fewer than both of the others. */
    alarmDays: z.int().min(1).max(27).default(7),
  })
  .superRefine(({ gdprDays, ccpaDays, alarmDays }, check) => {
    const least = Math.min(gdprDays, ccpaDays);
    const message = `must be less than gdprDays and ccpaDays, so at most ${least - 1}; got ${alarmDays}`;
    if (alarmDays >= least) check.addIssue({ code: 'custom', path: ['alarmDays'], message });
  });
export type Deadlines = z.infer<typeof Deadlines>;

/** Business days within which California wants an opt-out to be done: § 7026(f). Holidays are not left out. */
const optOutBusinessDays = 15;

/** When a request must be answered. The law counts from when the person asked. */
export function answerBy(
  { type, regulation, submittedAt }: Pick<Filing, 'type' | 'regulation' | 'submittedAt'>,
  { gdprDays, ccpaDays }: Deadlines,
): string {
  const asked = Date.parse(submittedAt);
  const byDays = asked + (regulation === 'gdpr' ? gdprDays : ccpaDays) * day;
  const isSooner = type === 'opt_out' && regulation === 'ccpa';
  // A day in California ends up to eight hours later; whichever calendar has the earlier end counts.
  const ends = isSooner ? [0, 8 * hour].map((behind) => afterBusinessDays(asked, optOutBusinessDays, behind)) : [];
  return new Date(Math.min(byDays, ...ends)).toISOString();
}

/** The time of day of `from`, some business days later, by a clock that is behind UTC. */
function afterBusinessDays(from: number, days: number, behind: number): number {
  let at = from;
  for (let left = days; left > 0; ) {
    at += day;
    const weekday = new Date(at - behind).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}

/** How a request stands to its deadline. `none`: it is answered, or needs no answer. */
export type Standing = 'none' | 'later' | 'soon' | 'late';

/** How a request stands to its deadline now. */
export function standingOf(request: StoredRequest, now: string, { alarmDays }: Deadlines): Standing {
  if (!isOpen(request) || request.answeredAt !== undefined) return 'none';
  const left = Date.parse(request.answerBy) - Date.parse(now);
  if (left < 0) return 'late';
  return left <= alarmDays * day ? 'soon' : 'later';
}

/** The requests for which an alarm rings: they are late, or soon will be. */
export const dueOf = (requests: readonly StoredRequest[], now: string, deadlines: Deadlines): StoredRequest[] =>
  requests.filter((request) => ['soon', 'late'].includes(standingOf(request, now, deadlines)));
