import * as z from 'zod';
import { platformSource } from '../contract/signals.ts';
import type { Event } from '../events/event.ts';
import { isBlocked } from '../identifiers/blocked.ts';
import { byPriority, type Identifier, isIdentifier, textOf, typeOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import type { Collection } from '../profile/profile.ts';

const IdentifierText = z.custom<Identifier>((value) => typeof value === 'string' && isIdentifier(value));
const Time = z.iso.datetime();

/** A trait as it should be, and who said so. */
const TraitWord = z.object({
  name: z.string(),
  value: z.unknown(),
  timestamp: Time,
  messageId: z.string(),
  sourceId: z.string(),
});

/** What a profile should be by all of its events; what is left out is right. */
const Facts = z.object({
  profileId: z.string().min(1),
  /** The version that was compared: a profile that changed since stays as it is. */
  version: z.int(),
  eventCount: z.int().min(0).optional(),
  firstSeen: Time.optional(),
  lastSeen: Time.optional(),
  traits: z.array(TraitWord).default([]),
  /** Traits that no event states. */
  forgotten: z.array(z.string()).default([]),
  /** Identifiers that are not this profile's; they belong to nobody until an event says whose they are. */
  released: z.array(IdentifierText).max(50).default([]),
});

const Properties = z.object({
  collection: z.enum(['users', 'accounts']).default('users'),
  /** Identifiers of one person. */
  identifiers: z.array(IdentifierText).min(1),
  profile: Facts.optional(),
});

/** What the platform's own jobs found out: which identifiers are one person's, and what a profile should be. */
export interface Correction {
  readonly collection: Collection;
  /** Whom to look for: what it says, and what it releases. */
  readonly leads: readonly Identifier[];
  /** What it links, most trusted first, without blocked ones. */
  readonly identifiers: readonly Identifier[];
  readonly facts: z.infer<typeof Facts> | undefined;
}

/** Reads a correction; undefined when a client sent the event. One that says nothing of use names nobody. */
export function correctionIn(event: Event, rules: IdentityRules): Correction | undefined {
  if (event.sourceId !== platformSource) return undefined;
  const said = Properties.safeParse(event.type === 'track' ? event.properties : undefined);
  if (!said.success) return { collection: 'users', leads: [], identifiers: [], facts: undefined };
  const { collection, identifiers, profile } = said.data;
  const usable = [...new Set(identifiers)]
    .filter((id) => !isBlocked(typeOf(id), textOf(id), rules))
    .sort((a, b) => byPriority(a, b, rules));
  if (profile === undefined) return { collection, leads: usable, identifiers: usable, facts: undefined };
  const linked = usable.filter((id) => !profile.released.includes(id));
  return {
    collection,
    leads: [...new Set([...identifiers, ...profile.released])],
    identifiers: linked,
    facts: profile,
  };
}
