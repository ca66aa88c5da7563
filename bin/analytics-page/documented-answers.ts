import { readFileSync } from 'node:fs';
import { companies, recipes } from '../../cdp.recipes.ts';
import { questions } from '../../lib/analytics/questions.ts';
import type { QueryResult } from '../athena/run-query.ts';
import { runQuery } from '../athena/run-query.ts';
import type { QueryPlace } from '../deployment/query-place.ts';

/** The answers from the demo's data, by the question's name. */
export type Answers = Readonly<Record<string, Pick<QueryResult, 'columns' | 'rows'>>>;

/** Answers to the questions on the demo's data, which the page for analysts shows. */
export const answersFile = 'docs/guides/analytics-answers.json';

/** The day of the documented demo; its customers' last orders are from the day before. */
export const documentedDay = new Date('2026-11-02T00:00:00Z');

/** Rows of an answer that the page shows. */
const shownRows = 10;

/** The answers that the page shows. */
export const shownAnswers = (): Answers => JSON.parse(readFileSync(answersFile, 'utf8')) as Answers;

const timed = new Set<string | null>([...recipes.segments, ...companies.segments].map(({ key }) => key));

/**
 * Runs every question. Each demo makes new profile ids, so they are shortened to their beginning. Rows about the
 * recipes are left out, because their members depend on the day of the run.
 */
export async function askAll({ athena, ...place }: QueryPlace): Promise<Answers> {
  const answers: Record<string, Answers[string]> = {};
  for (const { name, sql } of questions) {
    const { columns, rows } = await runQuery(
      athena,
      { ...place, sql, limit: shownRows + timed.size },
      () => undefined,
      new AbortController().signal,
    );
    answers[name] = {
      columns,
      rows: rows
        .filter(([first = null]) => !timed.has(first))
        .slice(0, shownRows)
        .map((row) => row.map((value) => value?.replace(/^(per|acc)_\w+$/, '$1_…') ?? null)),
    };
  }
  return answers;
}

/**
 * Questions whose answers differ from the page, one sentence each. Of segments only their members are compared: who
 * entered before a merge depends on the events that stitch read together.
 */
export const answerDifferences = (shown: Answers, found: Answers): string[] =>
  questions
    .filter(({ name }) => comparable(name, shown[name]) !== comparable(name, found[name]))
    .map(({ name }) => `${answersFile} differs for ${name}: got ${JSON.stringify(found[name]?.rows)}`);

const comparable = (name: string, answer: Answers[string] | undefined): string =>
  JSON.stringify(
    name === 'segment_sizes' ? answer?.rows.map(([segment, members]) => [segment, members]) : (answer ?? null),
  );
