import { randomBytes } from 'node:crypto';
import type { NewProfileId } from '../../core/profile/new-profile-id.ts';
import { profileIdOf } from '../../core/profile/profile-id.ts';

/** Makes a profile id from its creation time and 80 random bits. */
export const newProfileId: NewProfileId = (createdAt, collection) =>
  profileIdOf(collection, createdAt, randomBytes(10).toString('hex'));
