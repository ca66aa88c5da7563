import type { Random } from '../../local/demo/shop/random.ts';
import type { Window } from '../metering/trace.ts';
import { userId } from './crowd.ts';
import type { SampleCall } from './sample-events.ts';

/** People of a company; one in so many is of another one, too. */
export const perCompany = 10;

/** How often a call is about a company, per event of somebody known. */
export const companyShares = {
  /** A group call says what the company is, mostly what is known. */
  group: 0.02,
  /** A group call changes the company's plan. */
  change: 0.001,
  /** Another call names it. */
  named: 0.5,
} as const;

/** Turns calls of people into calls of people who work for companies. */
export class Companies {
  private readonly plans = new Map<string, string>();
  private readonly companiesOf: ReadonlyMap<unknown, readonly string[]>;

  private readonly random: Random;

  constructor(random: Random, people: number) {
    this.random = random;
    const count = Math.ceil(people / perCompany);
    this.companiesOf = new Map(
      Array.from({ length: people }, (_, n) => {
        const own = Math.floor(n / perCompany);
        const all = n % perCompany === 0 ? [own, (own + 1) % count] : [own];
        return [userId(n), all.map((company) => `company-${company}`)];
      }),
    );
  }

  /** Everyone says for whom they work. */
  registrations(windows: readonly Window[]): Window[] {
    return windows.flatMap((window) => {
      const joining = window.map((request) =>
        request.flatMap((call) => this.namesOf(call).map((name) => this.group(call, name, false))),
      );
      return [window, joining];
    });
  }

  window(window: Window): Window {
    return window.map((request) => request.map((call) => this.call(call)));
  }

  private call(call: SampleCall): SampleCall {
    const names = this.namesOf(call);
    const name = names[this.random.below(Math.max(1, names.length))];
    if (name === undefined || call.type !== 'track') return call;
    if (this.random.chance(companyShares.change)) return this.group(call, name, true);
    if (this.random.chance(companyShares.group)) return this.group(call, name, false);
    if (!this.random.chance(companyShares.named)) return call;
    return { ...call, context: { ...(call.context as object), groupId: name } };
  }

  private group({ event: _, properties: __, ...call }: SampleCall, name: string, isChange: boolean): SampleCall {
    const plan = this.plans.get(name) ?? 'free';
    if (isChange) this.plans.set(name, plan === 'free' ? 'pro' : 'free');
    const traits = { name, plan: this.plans.get(name) ?? 'free', employees: 20, industry: 'music' };
    // Its own id, because the call that it is made of may be sent, too.
    return { ...call, messageId: `${call.messageId}-${name}`, type: 'group', groupId: name, traits };
  }

  private namesOf({ userId: of }: SampleCall): readonly string[] {
    return this.companiesOf.get(of) ?? [];
  }
}
