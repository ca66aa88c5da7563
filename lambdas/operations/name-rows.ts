import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { Explanation } from '../core/operations/explain.ts';
import {
  type ExplanationWithRows,
  type LakeRow,
  namingRows,
  rowQueries,
  rowsIn,
} from '../core/operations/explain-rows.ts';
import { namedMessageOf } from '../core/values/thrown.ts';

/** An explanation with the rows that the lake knows, and why it could not be asked. */
export interface NamedRows {
  readonly explanation: ExplanationWithRows;
  readonly failed: string | undefined;
}

/**
 * Names the rows that the messages of an explanation were made of. A lake without the table, or a role that may not ask
 * it, does not hide what the profile says.
 */
export async function nameRows(
  explanation: Explanation,
  config: CdpConfigInput,
  ask: (sql: string) => Promise<readonly LakeRow[]>,
): Promise<NamedRows> {
  const found: LakeRow[] = [];
  try {
    for (const sql of rowQueries(explanation, parseConfig(config).sources)) found.push(...(await ask(sql)));
    return { explanation: namingRows(explanation, rowsIn(found)), failed: undefined };
  } catch (error) {
    return { explanation: namingRows(explanation, rowsIn(found)), failed: namedMessageOf(error) };
  }
}
