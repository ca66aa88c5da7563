import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Question, questions } from '../../lib/analytics/questions.ts';
import { asTable } from '../athena/result-table.ts';
import type { Answers } from './documented-answers.ts';

/** A table as the jobs declare it. */
interface DeclaredTable {
  readonly comment: string;
  readonly key: readonly string[];
  readonly partition: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
}

export const pageFile = 'docs/guides/analytics.md';
const declarations = 'glue-scripts/cdp/tables/declared';

/**
 * Writes the generated parts of the page: the text between the markers `tables` and `questions`.
 * @throws Error when a marker is missing
 */
export const analyticsPage = (page: string, answers: Answers): string =>
  withPart(
    withPart(page, 'tables', tableNames().map(tableText).join('\n\n')),
    'questions',
    questions.map((question) => questionText(question, answers)).join('\n\n'),
  );

/** Every table that the jobs make. */
export const tableNames = (): string[] =>
  globSync(`${declarations}/*.json`)
    .map((file) => basename(file, '.json'))
    .sort();

function withPart(page: string, name: string, text: string): string {
  const start = `<!-- ${name}: npm run docs -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${pageFile} lacks "${start}" or "${end}"`);
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}

function tableText(name: string): string {
  const { comment, key, partition, columns } = JSON.parse(
    readFileSync(`${declarations}/${name}.json`, 'utf8'),
  ) as DeclaredTable;
  const partitioned = partition.length > 0 ? `; partitioned by ${partition.map(code).join(', ')}` : '';
  const rows = columns.map((column) => `| ${code(column.name)} | ${column.type} | ${cell(column.comment)} |`);
  return [
    `### ${code(name)}`,
    '',
    comment,
    '',
    `Key: ${key.map(code).join(', ')}${partitioned}.`,
    '',
    '| column | type | meaning |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function questionText({ name, title, question, sql }: Question, answers: Answers): string {
  const answer = answers[name];
  const shown = answer === undefined ? [] : ['', '```text', asTable(answer), '```'];
  return [
    `### ${title}`,
    '',
    `${question} Saved query and view: ${code(name)}.`,
    '',
    '```sql',
    sql,
    '```',
    ...shown,
  ].join('\n');
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');
