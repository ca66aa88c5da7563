import { readFileSync } from 'node:fs';
import { questions } from '../../lib/analytics/questions.ts';
import type { Answer } from '../athena/run-query.ts';
import { runQuery } from '../athena/run-query.ts';
import type { QueryPlace } from '../deployment/query-place.ts';

/** What the demo's data answered, by the question's name. */
export type Answers = Readonly<Record<string, Pick<Answer, 'columns' | 'rows'>>>;

/** Answers to the questions on the demo's data, which the page for analysts shows. */
export const answersFile = 'docs/guides/analytics-answers.json';

/** The day of the demo whose answers are shown: its customers' last orders were placed the day before. */
export const documentedDay = new Date('2026-11-02T00:00:00Z');

/** Rows of an answer that the page shows. */
const shownRows = 10;

/** The answers that the page shows. */
export const shownAnswers = (): Answers => JSON.parse(readFileSync(answersFile, 'utf8')) as Answers;

/** Asks every question. Ids of profiles are new with each demo, so they are shortened to what they begin with. */
export async function askAll({ athena, ...place }: QueryPlace): Promise<Answers> {
  const answers: Record<string, Answers[string]> = {};
  for (const { name, sql } of questions) {
    const { columns, rows } = await runQuery(
      athena,
      { ...place, sql, limit: shownRows },
      () => undefined,
      new AbortController().signal,
    );
    answers[name] = {
      columns,
      rows: rows.map((row) => row.map((value) => value?.replace(/^(per|acc)_\w+$/, '$1_…') ?? null)),
    };
  }
  return answers;
}

/** Questions that are answered otherwise than the page shows, one sentence each. */
export const answerDifferences = (shown: Answers, found: Answers): string[] =>
  questions
    .filter(({ name }) => JSON.stringify(shown[name]) !== JSON.stringify(found[name]))
    .map(({ name }) => `${answersFile} has another answer for ${name} than ${JSON.stringify(found[name]?.rows)}`);
