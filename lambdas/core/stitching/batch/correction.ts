import * as z from 'zod';
import { platformSource } from '../../contract/signals.ts';
import type { Event } from '../../events/event.ts';
import { isBlocked } from '../../identifiers/blocked.ts';
import { isFormer } from '../../identifiers/former-name.ts';
import { byPriority, type Identifier, isIdentifier, textOf, typeOf } from '../../identifiers/identifier.ts';
import type { IdentityRules } from '../../identifiers/rules.ts';
import type { Collection } from '../../profile/profile.ts';

const IdentifierText = z.custom<Identifier>((value) => typeof value === 'string' && isIdentifier(value));
const Time = z.iso.datetime();

/** A trait's correct value and its statement. */
const TraitStatement = z.object({
  name: z.string(),
  value: z.unknown(),
  timestamp: Time,
  messageId: z.string(),
  sourceId: z.string(),
});

/** The target state of a profile by all of its events; missing fields are correct already. */
const TargetState = z.object({
  profileId: z.string().min(1),
  /** The compared version; a profile that changed since stays as it is. */
  version: z.int(),
  eventCount: z.int().min(0).optional(),
  firstSeen: Time.optional(),
  lastSeen: Time.optional(),
  traits: z.array(TraitStatement).default([]),
  /** Traits that no event states. */
  forgotten: z.array(z.string()).default([]),
  /** Identifiers to remove from this profile; nobody owns them until an event names them again. */
  released: z.array(IdentifierText).max(50).default([]),
});
export type TargetState = z.infer<typeof TargetState>;

const Properties = z.object({
  collection: z.enum(['users', 'accounts']).default('users'),
  /** Identifiers of one person. */
  identifiers: z.array(IdentifierText).min(1),
  profile: TargetState.optional(),
});

/** An identifier that a source gave names somebody else after the event. */
const Release = z.object({ release: IdentifierText, source: z.string().min(1) });

/** A finding of the platform's own jobs: identifiers of one person, and a profile's target state; or a release. */
export interface Correction {
  readonly collection: Collection;
  /** Identifiers to look up: those that it links and those that it releases. */
  readonly leads: readonly Identifier[];
  /** Identifiers to link, most trusted first, without blocked ones. */
  readonly identifiers: readonly Identifier[];
  readonly target: TargetState | undefined;
  /** The identifier that a source released at the time of the event, and that source. */
  readonly release?: { readonly identifier: Identifier; readonly source: string } | undefined;
}

const ofNobody: Correction = { collection: 'users', leads: [], identifiers: [], target: undefined };

/** Reads a correction; undefined for a client's event. A correction without usable content names nobody. */
export function correctionIn(event: Event, rules: IdentityRules): Correction | undefined {
  if (event.sourceId !== platformSource) return undefined;
  const said = event.type === 'track' ? event.properties : undefined;
  const release = Release.safeParse(said);
  if (release.success) return releaseOf(release.data.release, release.data.source, rules);
  const properties = Properties.safeParse(said);
  if (!properties.success) return ofNobody;
  const { collection, identifiers, profile } = properties.data;
  const usable = [...new Set(identifiers)]
    .filter((id) => !isBlocked(typeOf(id), textOf(id), rules))
    .sort((a, b) => byPriority(a, b, rules));
  if (profile === undefined) return { collection, leads: usable, identifiers: usable, target: undefined };
  const linked = usable.filter((id) => !profile.released.includes(id));
  return {
    collection,
    leads: [...new Set([...identifiers, ...profile.released])],
    identifiers: linked,
    target: profile,
  };
}

function releaseOf(identifier: Identifier, source: string, rules: IdentityRules): Correction {
  if (isFormer(identifier) || isBlocked(typeOf(identifier), textOf(identifier), rules)) return ofNobody;
  return { ...ofNobody, leads: [identifier], release: { identifier, source } };
}
