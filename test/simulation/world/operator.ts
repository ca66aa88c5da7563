import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { identityTable } from '../../../lambdas/adapters/dynamodb/identity-table.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { planUnmerge, type UnmergeTarget } from '../../../lambdas/core/operations/plan-unmerge.ts';
import { identifierOf } from '../../../lambdas/core/profile/owner-name.ts';
import type { StitchRules } from '../../../lambdas/core/stitching/batch/rules.ts';
import type { CommitChecker } from '../checkers/commit-checker.ts';
import { Worker, type World } from '../running/worker.ts';
import { clearKey } from './stitch-function.ts';

/** Two profiles that were parted, for good. */
type Apart = readonly [left: string, parted: string];

/** Times that an operator looks whether there is something to undo. */
const looks = 12;

/** Undoes merges and links, as the operator's commands do; what it has parted is in `apart`. */
export class Operator {
  readonly apart: Apart[] = [];
  private looked = 0;
  /** Whether all that was said is applied, so that whatever is undone now is undone late. */
  isLate = false;
  /** The time of what is undone. */
  at = (): string => '2026-05-01T13:00:00.000Z';

  /** The id of somebody who gets an identifier alone. */
  newProfileId = (look: number): string => `per_parted.${look}`;
  /** What profiles are decided with. */
  rules: (worker: Worker) => Promise<StitchRules>;

  private readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  private readonly checker: CommitChecker;
  private readonly world: World;

  constructor(
    config: CdpConfig,
    clientFor: (worker: Worker) => DynamoDBDocumentClient,
    checker: CommitChecker,
    world: World,
  ) {
    this.rules = async () => config;
    this.clientFor = clientFor;
    this.checker = checker;
    this.world = world;
  }

  async work(): Promise<void> {
    for (let left = looks; left > 0; left--) {
      const look = ++this.looked;
      for (let wait = 0; wait < 10; wait++) await this.world.turns.take('the operator waits', () => {});
      const worker = new Worker(`operator ${look}`, this.world);
      await Promise.race([this.unmerge(worker, look), worker.death]).catch(() => {});
    }
  }

  private async unmerge(worker: Worker, look: number): Promise<void> {
    const pause = (): Promise<void> => worker.call('waits', () => {});
    const table = identityTable(this.clientFor(worker), 'profiles', clearKey, pause);
    const target = this.choose();
    if (target === undefined) return;
    const person = await table.readMergedPerson('owner' in target ? { profileId: target.owner } : target);
    if (person === undefined) return;
    const cause = {
      messageId: `operator-${look}`,
      timestamp: '2026-05-01T11:00:00.000Z',
      at: this.at(),
    };
    const rules = await this.rules(worker);
    const people = [person.live, ...person.tombstones.values()].map(({ profile }) => profile);
    const accountOf = await table.readAccounts(people, rules);
    const planned = planUnmerge(person, target, {
      cause,
      config: { ...rules, accountOf },
      newProfileId: () => this.newProfileId(look),
    });
    if (planned.kind === 'refused') return this.world.tally.add('unmerges refused');
    const outcome = await table.unmerge(planned.write);
    this.world.tally.add(`unmerges ${outcome.kind}`);
    if (outcome.kind === 'written' && this.isLate) this.world.tally.add('unmerges late, written');
    if (outcome.kind === 'written')
      this.apart.push([planned.write.left.profile.profileId, planned.write.parted.profile.profileId]);
  }

  /** Something that was merged or linked a moment ago. */
  private choose(): UnmergeTarget | undefined {
    const { profiles, owners } = this.checker;
    const merged = [...profiles].filter(([, { kind }]) => kind === 'tombstone').map(([profileId]) => ({ profileId }));
    const linked = [...owners].map(([identifier, owner]) => ({ identifier: identifierOf(identifier), owner }));
    const choices: readonly UnmergeTarget[] = merged.length > 0 && this.world.chance.happens(0.7) ? merged : linked;
    return choices.length > 0 ? this.world.chance.pick(choices) : undefined;
  }
}

/** What an operator parted is not one again, whatever came after. */
export const rejoined = ({ apart }: Operator, checker: CommitChecker): string[] =>
  apart.flatMap(([left, parted]) =>
    checker.liveAt(left) === checker.liveAt(parted) ? [`${left} and ${parted} were parted and are one again`] : [],
  );
