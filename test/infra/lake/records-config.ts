import { config } from '../../../cdp.config.ts';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';

const mappings = [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }];
const contacts = { object: 'contacts', rows: 'records' as const, key: ['id'], updatedAt: 'changed', mappings };
const visits = { object: 'visits', rows: 'events' as const };
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
