import type { Rule } from '../rule.ts';
import { at, listOf, merge, ofType, type Template } from '../template.ts';

const statementsOf = (template: Template): unknown[] =>
  ofType(template, 'IAM::ManagedPolicy').flatMap(([, policy]) =>
    listOf(at(policy, 'Properties.PolicyDocument.Statement')),
  );

/** What analysts may do to the database `default` of the catalog, or to tables in it. */
const onDefault = (template: Template): unknown[] =>
  statementsOf(template)
    .filter((statement) => /:(database|table)\/default\b/.test(JSON.stringify(at(statement, 'Resource'))))
    .map((statement) => at(statement, 'Action'));

/** What an analyst's tools need, and no more. */
export const analystRules: readonly Rule[] = [
  {
    name: 'analysts’ tools may ask for the database `default`, and nothing of what is in it',
    breaches: (template) =>
      JSON.stringify(onDefault(template)) === '["glue:GetDatabase"]' ? [] : [JSON.stringify(onDefault(template))],
    spoil: (template) => {
      const statement = statementsOf(template).find((found) => JSON.stringify(found).includes(':database/default'));
      merge(statement as object, { Action: ['glue:GetDatabase', 'glue:GetTables'] });
    },
  },
];
