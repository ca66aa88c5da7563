import type { DateComparison, Rule } from './rule.ts';
import { comparisonSteps, windowSteps } from './steps.ts';
import type { Duration } from './window.ts';

/**
 * Starts a condition on one trait; dots lead into objects and lists. A missing or blank trait fulfils only `missing`.
 *
 * @example
 * const german = trait('address.country').anyOf('DE', 'AT');
 */
export const trait = (name: string) => {
  const compare = (comparison: DateComparison): Rule => ({ trait: name, ...comparison });
  return {
    ...comparisonSteps({ trait: name }),
    ...windowSteps((window) => compare({ operator: 'during', window })),
    /** It is a date that comes within so long. @example trait('trial_ends').inNext('3d') */
    inNext: (value: Duration) => compare({ operator: 'inNext', value }),
    /**
     * It is a date whose anniversary is so many days ahead, today by default, or from so many to so many.
     *
     * @example trait('birthday').anniversary(0, 7)
     */
    anniversary: (from = 0, to = from) => compare({ operator: 'anniversary', from, to }),
  };
};

/**
 * True when every condition is true.
 *
 * @example
 * const readers = all(trait('email').exists(), trait('newsletter').equals(true));
 */
export const all = (...conditions: Rule[]): Rule => ({ all: conditions });
/**
 * True when at least one condition is true.
 *
 * @example
 * const important = any(trait('plan').equals('enterprise'), trait('lifetime_value').atLeast(1000));
 */
export const any = (...conditions: Rule[]): Rule => ({ any: conditions });
/**
 * True when the condition is false.
 *
 * @example
 * const external = not(trait('email').endsWith('@example.com'));
 */
export const not = (condition: Rule): Rule => ({ not: condition });

/**
 * True for members of another segment.
 *
 * @example
 * const customers = not(inSegment('employees'));
 */
export const inSegment = (key: string): Rule => ({ inSegment: key });
/**
 * True for people of a list: those whom an event `List Member Added` put on it, until `List Member Removed`.
 *
 * @example
 * const invited = inList('spring_event');
 */
export const inList = (key: string): Rule => ({ inList: key });
/**
 * True when a person has been known for so long, since their first event.
 *
 * @example
 * const settled = knownFor('7d');
 */
export const knownFor = (duration: Duration): Rule => ({ knownFor: duration });
/**
 * True for so many percent of people, by chance and always the same ones; another salt draws others.
 *
 * @example
 * const rest = not(sample('spring_campaign', 10));
 */
export const sample = (salt: string, percent: number): Rule => ({ sample: salt, percent });
/**
 * True when a condition on traits and segments of accounts is true of at least one of the person's accounts.
 *
 * @example
 * const atLargeCompanies = account(trait('employees').atLeast(500));
 */
export const account = (condition: Rule): Rule => ({ account: condition });

/**
 * Starts a condition on what a person said about a category of data use.
 *
 * @example
 * const reachable = consent('marketing').granted();
 */
export const consent = (category: string) => ({
  /** The person allows it. @example consent('marketing').granted() */
  granted: (): Rule => ({ consent: category, is: 'granted' }),
  /** The person refuses it. @example consent('marketing').denied() */
  denied: (): Rule => ({ consent: category, is: 'denied' }),
  /** The person said nothing about it. @example consent('marketing').unknown() */
  unknown: (): Rule => ({ consent: category, is: 'unknown' }),
});

/**
 * Starts a condition on whether a person has an identifier of a type.
 *
 * @example
 * const hasEmail = identifier('email').exists();
 */
export const identifier = (type: string) => ({
  /** The person has at least one. @example identifier('email').exists() */
  exists: (): Rule => ({ identifier: type, operator: 'exists' }),
  /** The person has none. @example identifier('phone').missing() */
  missing: (): Rule => ({ identifier: type, operator: 'missing' }),
});
