import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { CdpConfig } from '../core/config.ts';
import { type AudienceEvent, audienceEvent, MembershipChange } from '../core/delivery.ts';
import type { Profile, ProfileId } from '../core/profile.ts';

export interface DeliverDeps {
  readonly config: CdpConfig;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
  /** Tells the destination. @throws when it did not take the event. */
  readonly send: (event: AudienceEvent) => Promise<void>;
  readonly now: () => string;
  /** Says that a message was not delivered, without saying whom it was about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

const BusEvent = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ detail: MembershipChange }));

/** Tries at telling the truth about one person before the queue takes the message back. */
const maxChanges = 3;

/** Tells a destination about membership changes: each message alone, so that one that fails holds up no other. */
export const createHandler =
  (deps: DeliverDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(event.Records.map((record) => attempt(record, deps)));
    return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
  };

async function attempt(record: SQSRecord, deps: DeliverDeps): Promise<string[]> {
  try {
    await deliver(BusEvent.parse(record.body).detail, deps);
    return [];
  } catch (error) {
    deps.warn('not delivered', { reason: (error as Error).name, queueMessageId: record.messageId });
    return [record.messageId];
  }
}

/**
 * Says what is true now, not what was when the change was queued: a change that no longer holds is left to the one that
 * came after it. Membership is read again once the destination has answered, for it may have changed while it was told;
 * whoever finishes last has told the truth.
 */
async function deliver({ profileId, segment, change }: MembershipChange, { config, find, send, now }: DeliverDeps): Promise<void> {
  let profile = await find(profileId);
  let told: boolean | undefined;
  for (let tries = 0; profile !== undefined && tries < maxChanges; tries++) {
    const member = profile.segments.has(segment);
    if (told === member || (told === undefined && member !== (change === 'entered'))) return;
    await send(audienceEvent(profile, segment, config.identity, now()));
    told = member;
    profile = await find(profileId);
  }
  if (profile !== undefined && profile.segments.has(segment) !== told) throw new Unsettled();
}

/** Membership kept changing while the destination was told; the queue brings the message back. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}
