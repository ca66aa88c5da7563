import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { AccessReport } from '../../../lambdas/core/access/report.ts';

/** The names of all fields of a schema, at any depth. */
const fieldsOf = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, ...rest } = schema as { properties?: Record<string, unknown> };
  return [
    ...Object.keys(properties),
    ...Object.values(properties).flatMap(fieldsOf),
    ...Object.values(rest).flatMap(fieldsOf),
  ];
};

it('every field of a report is in the reference, and the reference has no other one', () => {
  const fields = new Set(fieldsOf(z.toJSONSchema(AccessReport)));
  expect(fields.size).toBeGreaterThan(60);
  const page = readFileSync('docs/reference/access-report.md', 'utf8');
  const named = new Set([...page.matchAll(/`([a-z]\w*)`/gi)].map(([, name = '']) => name));
  expect([...fields].filter((field) => !named.has(field))).toEqual([]);
  const values = ['null', 'gdpr', 'ccpa'];
  expect([...named].filter((name) => !fields.has(name) && !values.includes(name))).toEqual([]);
});
