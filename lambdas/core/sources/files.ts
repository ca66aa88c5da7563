import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { isNested } from './envelope.ts';
import { fileForm } from './file-form.ts';
import { DeclaredObject, uniquelyNamed } from './objects.ts';
import { watched } from './watched.ts';

/** Files that somebody puts into the lake's bucket. */
export const FilesSource = z
  .strictObject({
    /** Name in keys, events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
    id: DeclaredId,
    /** Files that somebody puts into the lake's bucket. */
    kind: z.literal('files'),
    /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
    defaultCountry: DefaultCountry,
    /** Whether nothing is kept that names the address or the agent of a person's device. */
    clientAnonymous: ClientAnonymous,
    ...watched,
    ...fileForm,
    /**
     * What the rows are. A file of the only object lies below `imports/files/<id>/`, one of several below
     * `imports/files/<id>/<object>/`.
     */
    objects: uniquelyNamed(DeclaredObject),
  })
  .refine(({ format, encoding }) => format === 'csv' || format === 'ndjson' || !encoding.startsWith('utf-16'), {
    error: 'must not be UTF-16 for JSON and Parquet',
    path: ['encoding'],
  })
  .superRefine(({ format, complete, objects }, { addIssue }) => {
    for (const [n, declared] of objects.entries()) {
      const envelope = declared.rows === 'records' ? declared.envelope : undefined;
      const refuse = (message: string, path: readonly string[]) =>
        addIssue({ code: 'custom', message, path: ['objects', n, 'envelope', ...path] });
      if (envelope === undefined) continue;
      if (complete) refuse('is for changes; what a complete file lacks was deleted', []);
      if (envelope.kind === 'debezium' && format === 'csv') refuse('of Debezium needs JSON or Parquet', ['kind']);
      if (envelope.kind === 'dms' && envelope.position === undefined && (format === 'csv' || format === 'parquet'))
        refuse('must name the column with the place in the log', ['position']);
    }
  });
export type FilesSource = z.infer<typeof FilesSource>;

/** Types that the reader of a file gives to columns: none where the row is a value within a message. */
export const readTypes = (declared: DeclaredObject): NonNullable<DeclaredObject['columns']> =>
  declared.rows === 'records' && isNested(declared.envelope) ? {} : (declared.columns ?? {});
