import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { batchGet } from './batch-get.ts';
import { putIf } from './conditional-put.ts';
import type { DeliveryPlace } from './delivery-memory.ts';
import { destinationKey } from './keys.ts';

const KeyItem = z.looseObject({ key: z.string().min(32) });

/**
 * Returns what turns a name into a keyed hash of 96 bits. The key is an item of the destination, made at its first
 * delivery, so nobody can join the rows of one tool with those of another or, without the table, with profiles. A
 * process reads it once.
 */
export function personMark({ client, tableName, destination, pause }: DeliveryPlace) {
  const key = destinationKey(destination, 'mark');
  let known: string | undefined;

  const stored = async (): Promise<string | undefined> => {
    const rows = await batchGet(client, tableName, [key], pause);
    return rows.flatMap((row) => KeyItem.safeParse(row).data?.key ?? [])[0];
  };

  /** Makes the key; somebody else may have been first. */
  async function make(): Promise<string> {
    const made = randomBytes(32).toString('base64url');
    if (await putIf({ client, tableName }, { ...key, key: made }, undefined)) return made;
    return (await stored()) ?? made;
  }

  return async (): Promise<(name: string) => string> => {
    const secret = known ?? (await stored()) ?? (await make());
    known = secret;
    return (name) => createHmac('sha256', secret).update(name).digest('base64url').slice(0, 16);
  };
}
