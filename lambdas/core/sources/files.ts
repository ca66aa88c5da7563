import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { fileForm } from './file-form.ts';
import { Objects } from './objects.ts';

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
    ...fileForm,
    /**
     * What the rows are. A file of the only object lies below `imports/files/<id>/`, one of several below
     * `imports/files/<id>/<object>/`.
     */
    objects: Objects,
  })
  .refine(({ format, encoding }) => format === 'csv' || format === 'ndjson' || !encoding.startsWith('utf-16'), {
    error: 'must not be UTF-16 for JSON and Parquet',
    path: ['encoding'],
  });
export type FilesSource = z.infer<typeof FilesSource>;
