import type { Name } from '../profile/known-as.ts';
import type { ProfileId } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';
import type { Personas } from './audience-event.ts';

/** Segment's call about a computed trait: identify for a person, group for an account. */
export interface TraitCall {
  readonly type: 'identify' | 'group';
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly context: { readonly groupId?: string; readonly personas: Personas };
}

/** What an update says, and of whom. */
export interface TraitUpdate {
  readonly profileId: ProfileId;
  readonly name: Name;
  readonly trait: string;
  /** The value as JSON; `null` for none. */
  readonly text: string;
  /** Traits of the person that come along. */
  readonly personal: Readonly<Record<string, unknown>>;
  /** How many other values this destination was told before: with the rest, this is what the update is the news of. */
  readonly news: number;
  readonly timestamp: string;
}

/** Makes the call about a computed trait. Every attempt at the same news has the same message id. */
export function traitCall(update: TraitUpdate): TraitCall {
  const { profileId, name, trait, text, personal, news, timestamp } = update;
  const isAccount = 'groupId' in name;
  const id = fingerprint(trait, text, String(news), ...Object.entries(name).flat());
  return {
    type: isAccount ? 'group' : 'identify',
    messageId: `${profileId}-trait-${id}`,
    timestamp,
    ...name,
    traits: { ...personal, [trait]: JSON.parse(text) as unknown },
    context: {
      ...(isAccount && name),
      personas: {
        computation_class: 'trait',
        computation_id: trait,
        computation_key: trait,
        namespace: 'cdp',
        space_id: 'cdp',
      },
    },
  };
}
