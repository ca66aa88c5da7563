import { type Call, type Filter, matching } from './event-match.ts';
import type { AbsenceRule, CountRule, OccurrenceRule, Rule, SequenceRule } from './rule.ts';
import { comparisonSteps, type WindowSteps, windowSteps, withSteps } from './steps.ts';
import type { Duration } from './window.ts';

/** What may follow `did`. None is called `then`, which would make a promise of it, nor as a field of a rule is. */
export interface DidSteps extends WindowSteps<DidRule> {
  /** It happened so many times or more. @example did('Order Completed').atLeast(3) */
  atLeast(times: number): DidRule;
  /** It happened so many times or less, or never. @example did('Order Completed').atMost(2) */
  atMost(times: number): DidRule;
  /** It happened exactly so many times. @example did('Order Completed').exactly(1) */
  exactly(times: number): DidRule;
  /**
   * Another event followed, in less time than `within` says. A window after that says when it followed.
   *
   * @example did('Products Searched').thenDid('Order Completed').within('1h').within('30d')
   */
  thenDid(
    event: string | Call,
    ...where: Filter[]
  ): { within(duration: Duration): SequenceRule & WindowSteps<SequenceRule> };
  /**
   * Another event has not followed since the last time, which was as long ago as `within` says, or longer.
   *
   * @example did('Product Added').thenNot('Order Completed').within('1h')
   */
  thenNot(event: string | Call, ...where: Filter[]): { within(duration: Duration): AbsenceRule };
}
export type DidRule = CountRule & DidSteps;

/**
 * A page that was viewed; without a name, any page.
 *
 * @example
 * const saw = did(page('Pricing')).within('7d');
 */
export const page = (name?: string): Call => ({ type: 'page', ...(name !== undefined && { name }) });
/**
 * A screen of an app that was viewed; without a name, any screen.
 *
 * @example
 * const opened = did(screen()).today();
 */
export const screen = (name?: string): Call => ({ type: 'screen', ...(name !== undefined && { name }) });

/**
 * Starts a comparison with a property of an event, or a trait of an identify or group call; dots lead into objects and
 * lists.
 *
 * @example
 * const shoes = did('Order Completed', property('products.category').contains('shoes'));
 */
export const property = (name: string) => comparisonSteps({ property: name });
/**
 * Starts a comparison with what an event's context has.
 *
 * @example
 * const fromAds = did(page(), context('campaign.source').equals('ads')).lastWeeks(2);
 */
export const context = (name: string) => comparisonSteps({ context: name });

/**
 * True when an event happened: once or more, ever, unless the steps that follow say otherwise.
 *
 * @example
 * const regulars = did('Order Completed', property('revenue').atLeast(50)).atLeast(3).within('365d');
 */
export const did = (event: string | Call, ...where: Filter[]): DidRule => counted(matching(event, where));

/**
 * True when an event did not happen: also of people who never did it.
 *
 * @example
 * const quiet = didNot('Order Completed').within('30d');
 */
export const didNot = (event: string | Call, ...where: Filter[]): DidRule => did(event, ...where).atMost(0);

const counted = (rule: CountRule): DidRule =>
  withSteps(rule, {
    ...windowSteps((window) => counted({ ...rule, window })),
    atLeast: (value: number) => counted({ ...rule, count: { operator: 'atLeast', value } }),
    atMost: (value: number) => counted({ ...rule, count: { operator: 'atMost', value } }),
    exactly: (value: number) => counted({ ...rule, count: { operator: 'exactly', value } }),
    thenDid: (event: string | Call, ...where: Filter[]) => ({
      within: (apart: Duration) => inOrder({ ...rule, followedBy: matching(event, where), apart }),
    }),
    thenNot: (event: string | Call, ...where: Filter[]) => ({
      within: (apart: Duration): AbsenceRule => ({ ...rule, notFollowedBy: matching(event, where), apart }),
    }),
  });

const inOrder = (rule: SequenceRule): SequenceRule & WindowSteps<SequenceRule> =>
  withSteps(
    rule,
    windowSteps((window) => ({ ...rule, window })),
  );

/**
 * Starts a condition on when an event happened for the first time ever.
 *
 * @example
 * const newBuyers = didFirst('Order Completed').lastWeeks(1);
 */
export const didFirst = (event: string | Call, ...where: Filter[]) =>
  windowSteps((window): OccurrenceRule => ({ ...matching(event, where), occurrence: 'first', window }));
/**
 * Starts a condition on when an event happened for the last time.
 *
 * @example
 * const lastInWinter = didLast('Order Completed').during('2026-01-01', '2026-03-01');
 */
export const didLast = (event: string | Call, ...where: Filter[]) =>
  windowSteps((window): OccurrenceRule => ({ ...matching(event, where), occurrence: 'last', window }));
/**
 * True when an event happened, but not for so long.
 *
 * @example
 * const stoppedVisiting = stopped(page(), '14d');
 */
export const stopped = (event: string | Call, duration: Duration, ...where: Filter[]): Rule =>
  didLast(event, ...where).olderThan(duration);
