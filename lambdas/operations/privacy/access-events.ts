import { type LakeRow, reportedEvents, reportedRefused, timeIn } from '../../core/access/lake-events.ts';
import { eventQueries, knownUntilQuery, refusedQuery } from '../../core/access/lake-queries.ts';
import type { ReportedEvents } from '../../core/access/report.ts';
import type { IsTheirs } from '../../core/access/whole-person.ts';
import type { TrustRules } from '../../core/identifiers/identifier.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { namedMessageOf } from '../../core/values/thrown.ts';

/** Asks the lake; whether there are more rows than were read. @throws when it cannot be asked */
export type AskLake = (sql: string) => Promise<{ readonly rows: readonly LakeRow[]; readonly more: boolean }>;

/** Everything that the lake knows of profiles' events. A lake that cannot be asked does not hide the rest. */
export async function eventsOf(
  profileIds: readonly ProfileId[],
  ask: AskLake,
  rules: TrustRules,
  isTheirs: IsTheirs,
): Promise<ReportedEvents> {
  try {
    const [[until = null] = []] = (await ask(knownUntilQuery)).rows;
    if (until === null) return { ...none, knownUntil: null, problem: null };
    const answers = [];
    for (const sql of eventQueries(profileIds)) answers.push(await ask(sql));
    const refused = await ask(refusedQuery);
    return {
      knownUntil: timeIn(until),
      problem: null,
      isWhole: ![...answers, refused].some(({ more }) => more),
      rows: reportedEvents(
        answers.flatMap(({ rows }) => rows),
        rules,
        isTheirs,
      ),
      refused: reportedRefused(refused.rows, rules, isTheirs),
    };
  } catch (error) {
    return { ...none, knownUntil: null, problem: namedMessageOf(error) };
  }
}

const none = { isWhole: false, rows: [], refused: [] };
