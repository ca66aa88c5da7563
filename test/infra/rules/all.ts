import { analystRules } from './access/analysts.ts';
import { permissionRules } from './access/permissions.ts';
import { secretRules } from './access/secrets.ts';
import { alarmRules } from './alarms.ts';
import { lastingRules } from './data/lasting.ts';
import { partitionRules } from './data/partitions.ts';
import { storageRules } from './data/storage.ts';
import { takingUpRules } from './data/taking-up.ts';
import { flowRules } from './flows.ts';
import { functionRules } from './functions.ts';
import { jobRules } from './jobs.ts';
import { queueRules } from './queues.ts';
import { retryRules } from './retries.ts';
import type { Rule } from './rule.ts';
import type { Template } from './template.ts';

/** Every rule of the template, by what it is about. */
export const rulesBySubject: Readonly<Record<string, readonly Rule[]>> = {
  storage: storageRules,
  'what lasts': lastingRules,
  'what is taken up again': takingUpRules,
  secrets: secretRules,
  partitions: partitionRules,
  functions: functionRules,
  permissions: permissionRules,
  retries: retryRules,
  queues: queueRules,
  flows: flowRules,
  analysts: analystRules,
  alarms: alarmRules,
  jobs: jobRules,
};

/** What of a template breaks which rule. */
export const broken = (template: Template): { readonly rule: string; readonly breach: string }[] =>
  Object.values(rulesBySubject)
    .flat()
    .flatMap(({ name, breaches }) => breaches(template).map((breach) => ({ rule: name, breach })));
