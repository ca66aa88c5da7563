import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A column of an answer, with Athena's type. */
export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** A question that marketers ask, and its query. */
export interface Question {
  /** Name of the saved query and of the view, e.g. `revenue_by_month`. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly columns: readonly AnswerColumn[];
  readonly sql: string;
}

const folder = fileURLToPath(new URL('questions/', import.meta.url));

/** The questions of `lib/questions/`, in file order; saved queries, views and docs are made from them. */
export const questions: readonly Question[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => readQuestion(file, readFileSync(`${folder}${file}`, 'utf8')));

/**
 * Reads a file such as `01-revenue-by-month.sql`: comments with title, question and columns, then the query.
 * @throws Error that names the missing line
 */
export function readQuestion(file: string, text: string): Question {
  const commentOf = (word: string): string => {
    const found = text.match(new RegExp(`^-- ${word}: (.+)$`, 'm'))?.[1];
    if (found === undefined) throw new Error(`${file} lacks the line "-- ${word}: …"`);
    return found;
  };
  const columns = commentOf('columns')
    .split(', ')
    .map((column) => column.split(' ') as [string, string])
    .map(([name, type]) => ({ name, type }));
  return {
    name: file.replace(/^\d+-|\.sql$/g, '').replaceAll('-', '_'),
    title: commentOf('title'),
    question: commentOf('question'),
    columns,
    sql: text.replace(/^--.*\n/gm, '').trim(),
  };
}
