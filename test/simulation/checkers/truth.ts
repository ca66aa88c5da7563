import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { isTrueOf, type Person } from '../../core/segments/evaluation/oracle.ts';
import { amountOf, type Happened } from '../people/changing.ts';

const hour = 3_600_000;

/** What is true of people and accounts by the list of all events alone. */
export class Truth {
  /** By the mark of its message. */
  readonly happened = new Map<string, Happened>();

  /** Segments of somebody to whom these events were said. */
  segmentsOf(said: readonly Happened[], of: 'people' | 'accounts', config: CdpConfig, now: number): string[] {
    const mine = config.segments.filter((segment) => (segment.of ?? 'people') === of);
    const segments = Object.fromEntries(mine.map(({ key, where, zone }) => [key, { where, zone: String(zone) }]));
    const person = this.personOf(said, of, config, now);
    return mine
      .filter(({ where, zone }) => isTrueOf(where, { person, now, zone: String(zone), segments }))
      .map(({ key }) => key)
      .sort();
  }

  /** Computed traits, by their keys. */
  traitsOf(said: readonly Happened[], { traits }: CdpConfig, now: number): Record<string, unknown> {
    const spent = said.flatMap((one) => (one.event === 'Bought' ? [amountOf(one)] : []));
    const views = said.filter(({ event, at }) => event === 'Viewed' && now - at < 3 * hour);
    const all = new Map([
      ['spent', spent.reduce((a, b) => a + b, 0)],
      ['views', views.length],
    ]);
    return Object.fromEntries(traits.map(({ key }) => [key, all.get(key)]));
  }

  /** The events of an account: those that name it, whoever sent them. */
  ofAccount = (groupId: string): Happened[] => [...this.happened.values()].filter((one) => one.groupId === groupId);

  private personOf(said: readonly Happened[], of: 'people' | 'accounts', config: CdpConfig, now: number): Person {
    const firms = of === 'accounts' ? [] : said.filter(({ plan }) => plan !== undefined).map(({ groupId }) => groupId);
    const accounts = [...new Set(firms)].map((groupId) => this.ofAccount(String(groupId)));
    return {
      events: said.map((one) => ({
        at: one.at,
        mark: one.messageId,
        name: one.event ?? 'none',
        properties: { amount: amountOf(one) },
      })),
      traits: of === 'accounts' ? planIn(said) : {},
      since: Math.min(...said.map(({ at }) => at)),
      granted: {},
      identifiers: [],
      accounts: accounts.map(planIn),
      accountsIn: accounts.map((each) => this.segmentsOf(each, 'accounts', config, now)),
    };
  }
}

/** The last word about an account, by time and then by message. */
function planIn(said: readonly Happened[]): { readonly plan?: string } {
  const words = said.filter(({ plan }) => plan !== undefined);
  const [last] = words.toSorted((a, b) => b.at - a.at || (a.messageId < b.messageId ? 1 : -1));
  return last?.plan === undefined ? {} : { plan: last.plan };
}
