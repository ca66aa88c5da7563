import { unique } from '../platform/deployment.ts';
import { eventually } from './eventually.ts';
import { profileOf } from './profiles.ts';
import { post } from './requests.ts';

/**
 * Waits until everything sent so far is in the profiles: the stream has one shard and keeps order, so who is sent last
 * is stitched last.
 */
export async function untilStitched(marker: string, within = 60_000): Promise<void> {
  const userId = unique(marker);
  await post('/v1/track', { userId, event: 'Last in line' });
  await eventually(() => profileOf(`user_id:${userId}`), { within });
}
