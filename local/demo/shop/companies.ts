import type { Call, UnsentCall } from './calls.ts';
import { day, minute } from './orders.ts';
import type { Random } from './random.ts';

/** A company that orders, and its people. */
export interface Company {
  readonly groupId: string;
  readonly people: readonly Employee[];
  /** What its people send. */
  readonly calls: readonly Call[];
  /** When it becomes another by itself, milliseconds since 1970; others do not while the demo runs. */
  readonly turnsAt: number | undefined;
}

/** Somebody who works for a company, or for two. */
interface Employee {
  readonly userId: string;
  readonly role: 'buyer' | 'clerk';
  readonly groupIds: readonly string[];
}

/** When its people ordered for a company, and for how much; or one of them for themselves. */
interface Story {
  readonly turns?: boolean;
  readonly orders: readonly { readonly at: number; readonly revenue: number; readonly own?: boolean }[];
}

const storiesAt = (now: number, turn: number): readonly Story[] => [
  { orders: [ordered(now, 200, 700), ordered(now, 45, 300)] },
  { orders: [ordered(now, 200, 700), ordered(now, 45, 299.99)] },
  { orders: [ordered(now, 400, 900), ordered(now, 45, 300)] },
  { orders: [ordered(now, 200, 999), ordered(now, 2, 20)] },
  { orders: [ordered(now, 364, 1000), { ...ordered(now, 2, 20), own: true }] },
  { turns: true, orders: [ordered(now, 100, 700), ordered(turn, 30, 450)] },
];

const ordered = (from: number, days: number, revenue: number) => ({ at: from - days * day, revenue });

/** Invents companies, two of each story. Those that turn do so `soon` milliseconds after now. */
export function inventCompanies(now: number, soon: number, random: Random): Company[] {
  const stories = [1, 2].flatMap(() => storiesAt(now, now + soon));
  return stories.map((story, n): Company => {
    const groupId = `company-${n + 1}`;
    const people = Array.from(
      { length: 3 + random.below(3) },
      (_, at): Employee => ({
        userId: `${groupId}-person-${at + 1}`,
        role: at < 2 ? 'buyer' : 'clerk',
        // Some buy for the company before it, too.
        groupIds: at === 0 && n > 0 ? [groupId, `company-${n}`] : [groupId],
      }),
    );
    const unsent = [...people.flatMap((one) => joining(one, now)), ...ordering(story, groupId, people, random)];
    const calls = unsent.map((call): Call => ({ ...call, messageId: random.name('company') }));
    return { groupId, people, calls, turnsAt: story.turns ? now + soon : undefined };
  });
}

const joining = ({ userId, role, groupIds }: Employee, now: number): UnsentCall[] => {
  const who = { userId, about: userId, at: now - 500 * day };
  return [
    { type: 'identify', traits: { email: `${userId}@work.example`, role }, ...who },
    ...groupIds.map(
      (groupId): UnsentCall => ({ type: 'group', groupId, traits: { name: groupId }, ...who, at: who.at + minute }),
    ),
  ];
};

const ordering = ({ orders }: Story, groupId: string, people: readonly Employee[], random: Random): UnsentCall[] =>
  orders.map(({ at, revenue, own = false }) => {
    const userId = people[random.below(people.length)]?.userId ?? '';
    const properties = { revenue, currency: 'USD' };
    const context = own ? undefined : { groupId };
    return {
      type: 'track',
      event: 'Order Completed',
      properties,
      userId,
      about: userId,
      at,
      ...(context && { context }),
    };
  });
