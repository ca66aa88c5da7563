import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerDifferences, shownAnswers } from '../bin/analytics-page/documented-answers.ts';
import { analyticsPage, pageFile, tableNames } from '../bin/analytics-page/page.ts';
import { questions, readQuestion } from '../lib/analytics/questions.ts';

const page = readFileSync(pageFile, 'utf8');

describe('docs/guides/analytics.md', () => {
  it('is as npm run docs writes it', () => {
    expect(page).toBe(analyticsPage(page, shownAnswers()));
  });

  it.each(tableNames())('tells of the table %s and of all its columns', (name) => {
    const { columns } = JSON.parse(readFileSync(`glue-scripts/cdp/tables/declared/${name}.json`, 'utf8')) as {
      columns: { name: string; comment: string }[];
    };
    const [, section = ''] = page.split(`### \`${name}\`\n`);
    const told = section.split('\n### ')[0] ?? '';
    expect(
      columns
        .filter((column) => !told.includes(`| \`${column.name}\` |`) || !told.includes(column.comment))
        .map((column) => column.name),
    ).toEqual([]);
  });

  it('shows an answer below its question, and fails without its markers', () => {
    const answer = { columns: [{ name: 'people', type: 'bigint' }], rows: [['3']] };
    expect(analyticsPage(page, { best_customers: answer })).toContain('```text\npeople\n------\n     3\n```');
    expect(() => analyticsPage(page.replace('<!-- end of tables -->', ''), {})).toThrow('lacks');
  });
});

it.each(tableNames())('the table %s declares each column once', (name) => {
  const { columns } = JSON.parse(readFileSync(`glue-scripts/cdp/tables/declared/${name}.json`, 'utf8')) as {
    columns: { name: string }[];
  };
  const names = columns.map((column) => column.name);
  expect(names.filter((column, at) => names.indexOf(column) !== at)).toEqual([]);
});

describe('the answers', () => {
  it('are there for every question, and one that differs is told', () => {
    const shown = shownAnswers();
    expect(Object.keys(shown).sort()).toEqual(questions.map(({ name }) => name).sort());
    expect(answerDifferences(shown, shown)).toEqual([]);
    const [first] = questions;
    const other = { ...shown, [first?.name ?? '']: { columns: [], rows: [['9']] } };
    expect(answerDifferences(shown, other)).toEqual([
      `docs/guides/analytics-answers.json differs for ${first?.name}: got [["9"]]`,
    ]);
  });
});

describe('a question', () => {
  it.each(questions)(
    '$name asks one thing, names its columns, and hides no table',
    ({ name, question, columns, sql }) => {
      expect(question).toMatch(/^[A-Z].*\?$/);
      expect(
        columns.every(
          (column) =>
            /^[a-z0-9_]+$/.test(column.name) && /^(varchar|bigint|integer|double|date|boolean)$/.test(column.type),
        ),
      ).toBe(true);
      expect(sql).not.toMatch(/;|--/);
      expect(tableNames()).not.toContain(name);
    },
  );

  it('lacks nothing that it must say', () => {
    expect(() => readQuestion('01-a.sql', '-- title: A\n-- question: What?\nSELECT 1')).toThrow(
      '01-a.sql lacks the line "-- columns: …"',
    );
  });
});
