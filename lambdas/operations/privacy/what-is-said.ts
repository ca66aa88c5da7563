import type { IdentifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { type Event, limits } from '../../core/events/event.ts';
import { findFlaw } from '../../core/events/json-flaw.ts';
import { fieldPath } from '../../core/events/rejection.ts';
import { utf8Bytes } from '../../core/events/stream-record.ts';
import { isFormer } from '../../core/identifiers/former-name.ts';
import { byPriority, type Identifier, identifiersOf, typeOf } from '../../core/identifiers/identifier.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { planRectification, type Rectification } from '../../core/operations/rectification.ts';
import { officerCall, speakerIn } from '../../core/privacy/officer-call.ts';
import { type OptOut, optOutCalls, optOutOf } from '../../core/privacy/opt-out.ts';
import type { Filing, StoredRequest } from '../../core/privacy/request.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { jsonBytes, longestValue } from '../../core/profile/trait.ts';
import { traitBounds } from '../../core/profile/trait-bound.ts';
import { isObject, readJson } from '../../core/values/json.ts';
import { type Subject, statedIn } from './person.ts';

/** What a person asks for, as far as a preview shows it. */
export type Asked = Pick<Filing, 'type' | 'purposes' | 'traits'>;

/** What is said for a person. */
export interface WhatIsSaid {
  readonly config: CdpConfig;
  readonly keyOf: IdentifierKey;
  readonly people: Pick<ReturnType<typeof identityTable>, 'readLive' | 'readOwner'>;
}

const invalid = (problem: string) => new OperatorRefused('invalid', problem);

/** Finds what an officer says for a person, who asked for it. Nothing is written. */
export function whatIsSaid({ config, people, keyOf }: WhatIsSaid) {
  /** What an opt-out refuses. */
  function optOut({ purposes = [] }: Asked): OptOut {
    const known = config.purposes.map(({ key }) => key);
    const at = purposes.findIndex((key) => !known.includes(key));
    if (at < 0) return optOutOf(purposes, config.purposes);
    throw invalid(`purposes[${at}] must be one of ${known.join(', ') || 'none: cdp.config.ts has no purposes'}`);
  }

  /** The profile whose traits are corrected, and how. */
  async function rectification(
    { traits }: Asked,
    { profiles }: Subject,
  ): Promise<Rectification & { profile: Profile }> {
    const wanted = readTraits(traits, config);
    const [only, ...others] = profiles;
    if (only === undefined) throw new OperatorRefused('refused', 'nobody has these identifiers: nothing to rectify');
    if (others.length > 0)
      throw new OperatorRefused('refused', 'these identifiers lead to several profiles: name those of one');
    const live = await people.readLive({ profileId: only.profileId });
    if (live === undefined) throw new OperatorRefused('contended', 'the person is gone meanwhile; try again');
    return { profile: live.profile, ...planRectification(live.profile, wanted, config.survivorship) };
  }

  async function rectifyingCalls(asked: Asked, subject: Subject, about: { requestId: string; at: string }) {
    const { profile, said } = await rectification(asked, subject);
    const [speaker] = [...profile.identifiers.keys()]
      .filter((id) => !isFormer(id))
      .sort((a, b) => byPriority(a, b, config.identity));
    if (speaker === undefined) throw new OperatorRefused('refused', 'the person has no identifier of today');
    const calls = said.map((one, n) => officerCall(speaker, { ...about, ...one, number: n + 1 }));
    for (const call of calls) await mustStayOnePerson(call, speaker, profile);
    return calls;
  }

  /** An identifier among the right values must not be of somebody else, whom the calls would merge with the person. */
  async function mustStayOnePerson(call: Event, speaker: Identifier, profile: Profile): Promise<void> {
    const country = config.sources.find(({ id }) => id === call.sourceId)?.defaultCountry;
    for (const identifier of identifiersOf(call, config.identity, country).usable) {
      const owner = identifier === speaker ? undefined : await people.readOwner({ identifier, collection: 'users' });
      if (owner === undefined || owner.profileId === profile.profileId || profile.merged.has(owner.profileId)) continue;
      throw new OperatorRefused('refused', `traits has the ${typeOf(identifier)} of somebody else, who would merge`);
    }
  }

  return {
    /** Whether a call still names nobody else: somebody may have come since it was filed. @throws OperatorRefused */
    async check(call: Event): Promise<void> {
      const speaker = speakerIn(call);
      const live = speaker && (await people.readLive({ identifier: speaker, collection: 'users' }));
      if (speaker !== undefined && live !== undefined) await mustStayOnePerson(call, speaker, live.profile);
    },

    /** What the preview shows besides the person. @throws OperatorRefused */
    async preview(asked: Asked, subject: Subject): Promise<Pick<Subject, 'optOut' | 'rectified'>> {
      mustBelong(asked);
      if (asked.type === 'opt_out') return { optOut: optOut(asked) };
      if (asked.type !== 'rectify') return {};
      const { changes } = await rectification(asked, subject);
      await rectifyingCalls(asked, subject, { requestId: 'preview', at: new Date(0).toISOString() });
      return { rectified: changes };
    },

    /** What an opt-out refuses under which identifiers, as its request keeps it. @throws OperatorRefused */
    refusal(filing: Filing, texts: readonly string[]): StoredRequest['refusal'] {
      if (filing.type !== 'opt_out') return undefined;
      return { categories: [...optOut(filing).categories], keys: statedIn(texts, config.identity).map(keyOf) };
    },

    /** The calls of a request, none if it needs none. @throws OperatorRefused */
    async calls(filing: Filing, texts: readonly string[], subject: Subject, at: string): Promise<Event[]> {
      mustBelong(filing);
      const about = { requestId: filing.requestId, at };
      if (filing.type === 'opt_out') return optOutCalls(optOut(filing), statedIn(texts, config.identity), about);
      return filing.type === 'rectify' ? rectifyingCalls(filing, subject, about) : [];
    },
  };
}

/** Fields of one type of request alone. */
function mustBelong({ type, purposes, traits }: Asked): void {
  if (purposes !== undefined && type !== 'opt_out') throw invalid(`purposes are for the type opt_out; got ${type}`);
  if (traits !== undefined && type !== 'rectify') throw invalid(`traits are for the type rectify; got ${type}`);
}

/** The right values of traits, if they can be kept. The problem names the trait's place and quotes no value. */
function readTraits(traits: Asked['traits'] = {}, config: CdpConfig): Readonly<Record<string, unknown>> {
  const names = Object.keys(traits);
  if (names.length === 0) throw invalid('traits must have the right value of each trait, or null to remove it');
  const flaw = findFlaw(traits);
  if (flaw !== undefined) throw invalid(`${fieldPath(['traits', ...flaw.path])} ${flaw.reason}`);
  const computed = names.find((name) => config.traits.some(({ key }) => key === name));
  if (computed !== undefined) throw invalid(`traits.${computed} is computed of events, and is not stated by anybody`);
  if (names.some((name) => utf8Bytes(name) > traitBounds.name))
    throw invalid(`traits has a name of more than ${traitBounds.name} bytes, which no profile keeps`);
  const long = names.find((name) => jsonBytes(traits[name]) > longestValue);
  if (long !== undefined) throw invalid(`traits.${long} is longer than ${longestValue} bytes, which no profile keeps`);
  if (utf8Bytes(JSON.stringify(traits)) > limits.eventBytes / 2) throw invalid('traits are too many for one request');
  return traits;
}

/** The right values in a text of JSON; undefined if it is no object of JSON. */
export function traitsInText(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const traits = readJson(text);
    return isObject(traits) ? traits : undefined;
  } catch {
    return undefined;
  }
}
