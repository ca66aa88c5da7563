import type { identityTable } from '../adapters/dynamodb/identity-table.ts';
import { newProfileId } from '../adapters/dynamodb/profile-id.ts';
import { type ProfileAddress, readAddress } from '../core/apis/profile-address.ts';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { Explanation } from '../core/operations/explain.ts';
import { OperatorRefused } from '../core/operations/operator-refused.ts';
import {
  planUnmerge,
  type UnmergeCause,
  type UnmergedProfile,
  type UnmergeWrite,
} from '../core/operations/plan-unmerge.ts';
import type { Profile } from '../core/profile/profile.ts';
import type { SegmentChange } from '../core/segments/changes.ts';
import type { AggregateRegistry } from '../core/segments/history/registry.ts';
import { mustBeDeployed } from './histories/request.ts';

/** One of the two people after an unmerge. */
export interface Person {
  readonly profileId: string;
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly eventCount: number;
  readonly segments: readonly string[];
  /** Changes that destinations receive. */
  readonly changes: readonly SegmentChange[];
}

/** The two people after an unmerge, and whether it was written. */
export interface Unmerged {
  readonly done: boolean;
  readonly left: Person;
  readonly parted: Person;
}

/** Identity operations for operators; a text names the profile. */
export function identityOperator(
  table: ReturnType<typeof identityTable>,
  configInput: CdpConfigInput,
  registry: () => Promise<AggregateRegistry | undefined>,
) {
  const config = parseConfig(configInput);

  async function deployed(): Promise<AggregateRegistry | undefined> {
    const known = await registry();
    if (known !== undefined) mustBeDeployed(known, config);
    return known;
  }

  async function plan(text: string, cause: UnmergeCause): Promise<UnmergeWrite> {
    const address = addressIn(text);
    const person = await table.readMergedPerson(address);
    if (person === undefined) throw notFound;
    const owner = 'identifier' in address ? (await table.readOwner(address))?.profileId : undefined;
    const target = 'profileId' in address ? address : { ...address, owner: owner ?? '' };
    const people = [person.live, ...person.tombstones.values()].map(({ profile }) => profile);
    const accountOf = await table.readAccounts(people, config);
    const rules = { ...config, registry: await deployed(), accountOf };
    const planned = planUnmerge(person, target, { cause, config: rules, newProfileId });
    if (planned.kind === 'refused') throw new OperatorRefused('refused', planned.reason);
    return planned.write;
  }

  return {
    /** @throws OperatorRefused when the profile does not exist */
    async explain(text: string): Promise<Explanation> {
      const explanation = await table.explain(addressIn(text), config.survivorship);
      if (explanation === undefined) throw notFound;
      return explanation;
    },
    /** The live profile that a text names. @throws OperatorRefused when it does not exist */
    async find(text: string): Promise<Profile> {
      const live = await table.readLive(addressIn(text));
      if (live === undefined) throw notFound;
      return live.profile;
    },
    /**
     * Unmerges a merged profile (by its id) or one identifier; only plans it unless `execute`.
     * @throws OperatorRefused when it is not possible
     */
    async unmerge(text: string, cause: UnmergeCause, execute: boolean): Promise<Unmerged> {
      const write = await plan(text, cause);
      const outcome = execute ? await table.unmerge(write) : { kind: 'written' as const };
      if (outcome.kind === 'contended')
        throw new OperatorRefused(
          'contended',
          'somebody wrote to this person at the same moment; nothing was changed, try again',
        );
      if (outcome.kind === 'refused')
        throw new OperatorRefused('refused', `the profile table refuses it: ${outcome.reason}`);
      return { done: execute, left: personOf(write.left), parted: personOf(write.parted) };
    },
  };
}

const notFound = new OperatorRefused('not_found', 'there is no such profile');

function addressIn(text: string): ProfileAddress {
  const read = readAddress(text);
  if (!read.ok) throw new OperatorRefused('invalid', read.problem);
  return read.address;
}

const personOf = ({ profile, changes }: UnmergedProfile): Person => ({
  profileId: profile.profileId,
  identifiers: [...profile.identifiers.keys()],
  traits: traitsOf(profile),
  eventCount: profile.eventCount,
  segments: [...profile.segments.keys()],
  changes,
});

const traitsOf = ({ traits }: Profile): Record<string, unknown> =>
  Object.fromEntries([...traits].map(([name, { value }]) => [name, value]));
