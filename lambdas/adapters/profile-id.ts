import { randomBytes } from 'node:crypto';
import type { NewProfileId } from '../core/working-set.ts';

/** `per_` and 48 bits of creation time, then 80 random bits, in hex: sorts by creation time. */
export const newProfileId: NewProfileId = (createdAt) => {
  const time = Buffer.alloc(6);
  time.writeUIntBE(Date.parse(createdAt), 0, 6);
  return `per_${time.toString('hex')}${randomBytes(10).toString('hex')}`;
};
