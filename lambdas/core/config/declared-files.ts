import { readTypes } from '../sources/files.ts';
import type { CdpConfig } from './config.ts';

/** What the job of large files knows of them: their form, and what their rows are, by source and object. */
export const declaredFiles = (sources: CdpConfig['sources']) =>
  Object.fromEntries(
    sources.flatMap((source) => {
      if (source.kind !== 'files' || !source.largeFiles) return [];
      const { id, format, delimiter, encoding, header, maxBadShare, complete } = source;
      const objects = source.objects.map((each) => {
        const columns = readTypes(each);
        return [each.object, { rows: each.rows, columns }] as const;
      });
      const form = { format, delimiter, encoding, header, maxBadShare, complete };
      return [[id, { ...form, objects: Object.fromEntries(objects) }] as const];
    }),
  );

/** Whether a source has files that are too large for a function. */
export const hasLargeFiles = ({ sources }: Pick<CdpConfig, 'sources'>): boolean =>
  sources.some((source) => source.kind === 'files' && source.largeFiles);
