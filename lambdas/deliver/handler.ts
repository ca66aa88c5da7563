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

/** Times that one message tells a destination about a person whose membership keeps changing, before the queue takes it back. */
const maxTellings = 3;

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
 * Says what is true now, not what was when the change was queued. Membership is read again once the destination has
 * answered, for it may have changed while it was told; whoever finishes last has told the truth. A stale change is not
 * skipped: an earlier attempt at it may have died after it had told what is no longer so.
 */
async function deliver({ profileId, segment }: MembershipChange, { config, find, send, now }: DeliverDeps): Promise<void> {
  let profile = await find(profileId);
  for (let tries = 0; profile !== undefined && tries < maxTellings; tries++) {
    const told = profile.segments.has(segment);
    await send(audienceEvent(profile, segment, config.identity, now()));
    profile = await find(profileId);
    if (profile === undefined || profile.segments.has(segment) === told) return;
  }
  if (profile !== undefined) throw new Unsettled();
}

/** Membership kept changing while the destination was told; the queue brings the message back. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}
