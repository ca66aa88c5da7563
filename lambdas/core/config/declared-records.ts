import { withRows } from '../sources/definition.ts';
import type { CdpConfig } from './config.ts';

/** What the lake knows of the records of a deployment: their keys, times and greatest shares, by source and object. */
export function declaredRecords(sources: CdpConfig['sources']) {
  const bySource = withRows(sources).map(({ id, objects }) => {
    const records = objects.flatMap((each) => (each.rows === 'records' ? [each] : []));
    const declared = records.map(({ object, key, updatedAt, maxShrink }) => [object, { key, updatedAt, maxShrink }]);
    return [id, Object.fromEntries(declared)] as const;
  });
  return Object.fromEntries(bySource.filter(([, objects]) => Object.keys(objects).length > 0));
}

/** Whether a source has records. */
export const hasRecords = ({ sources }: CdpConfig): boolean => Object.keys(declaredRecords(sources)).length > 0;
