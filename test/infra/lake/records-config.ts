import { config } from '../../../cdp.config.ts';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';

const mappings = [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }];
const contacts = { object: 'contacts', rows: 'records' as const, key: ['id'], updatedAt: 'changed', mappings };
/** Rows that happened. */
export const visits = { object: 'visits', rows: 'events' as const };
const sources = config.sources.filter(({ kind }) => kind === 'browser' || kind === 'server');

/** The example with a source whose rows are events. */
export const noRecords: CdpConfigInput = {
  ...config,
  sources: [...sources, { id: 'log', kind: 'files', objects: [visits] }],
};

/** The example with a source that has records, too. */
export const withRecords: CdpConfigInput = {
  ...config,
  sources: [...sources, { id: 'crm', kind: 'files', objects: [contacts, visits] }],
};

const sql = 'SELECT user_id, r_score FROM rfm JOIN profiles USING (profile_id)';
/** Rows of the answer to a query. */
export const scores = { ...contacts, object: 'scores', key: ['user_id'], updatedAt: undefined };

/** The example with a query. */
export const withQuery: CdpConfigInput = {
  ...config,
  sources: [...sources, { id: 'model', kind: 'query', sql, objects: [scores] }],
};
