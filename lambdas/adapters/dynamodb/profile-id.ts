import { randomBytes } from 'node:crypto';
import type { NewProfileId } from '../../core/profile/new-profile-id.ts';

/** `per_` or `acc_`, 48 bits of creation time, then 80 random bits, in hex: sorts by creation time. */
export const newProfileId: NewProfileId = (createdAt, collection) => {
  const time = Buffer.alloc(6);
  time.writeUIntBE(Date.parse(createdAt), 0, 6);
  return `${collection === 'users' ? 'per' : 'acc'}_${time.toString('hex')}${randomBytes(10).toString('hex')}`;
};
