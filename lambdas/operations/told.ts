import pMap from 'p-map';
import { computedTraits } from '../core/apis/profile-traits.ts';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { DeliveryMemory } from '../core/destinations/told.ts';
import { formerIds } from '../core/destinations/told-names.ts';
import type { TraitMemory } from '../core/destinations/told-traits.ts';
import { type ConsentExplained, explainConsent } from '../core/operations/explain-consent.ts';
import { type ToldThing, toldSegment, toldTrait } from '../core/operations/explain-told.ts';
import type { Profile } from '../core/profile/profile.ts';
import type { AggregateRegistry } from '../core/segments/history/registry.ts';
import { collectionFor } from '../core/segments/language/definitions.ts';

/** What somebody's computed traits are now, and what destinations were told of them and of their segments. */
export interface Tellings {
  readonly computedTraits: Readonly<Record<string, unknown>>;
  readonly told: readonly ToldThing[];
  readonly consent: ConsentExplained;
}

/** What tellings are read with. */
export interface TellingDeps {
  readonly config: CdpConfigInput;
  readonly registry: AggregateRegistry | undefined;
  /** What was recorded of the deliveries to a destination. */
  readonly memoriesOf: (destination: string) => {
    readonly segments: Pick<DeliveryMemory, 'recall'>;
    readonly traits: Pick<TraitMemory, 'recall'>;
  };
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Reads at the same time. */
const concurrency = 20;

/** Reads what each destination was told about a profile, in the order of the configuration. */
export async function tellingsAbout(profile: Profile, deps: TellingDeps): Promise<Tellings> {
  const { registry, memoriesOf, now } = deps;
  const config = parseConfig(deps.config);
  const definitions = { ...config, registry };
  const isAbout = (key: string): boolean =>
    [...config.segments, ...config.traits].some(
      (definition) => definition.key === key && collectionFor(definition) === profile.collection,
    );
  const ids = formerIds(profile);
  const looks = config.destinations.flatMap((destination) => {
    const { segments, traits } = memoriesOf(destination.id);
    const ofSegment = async (key: string) => toldSegment(destination.id, key, await segments.recall(ids, key));
    const ofTrait = async (key: string) => {
      const recorded = [...(await traits.recall(ids, key)).values()];
      return toldTrait(destination, key, { profile, recorded }, { definitions, now });
    };
    return [
      ...destination.segments.filter(isAbout).map((key) => () => ofSegment(key)),
      ...destination.traits.filter(isAbout).map((key) => () => ofTrait(key)),
    ];
  });
  const values = computedTraits(profile, definitions, now).map(([key, { value }]) => [key, value] as const);
  return {
    computedTraits: Object.fromEntries(values),
    told: (await pMap(looks, (look) => look(), { concurrency })).flat(),
    consent: explainConsent(profile, config),
  };
}
