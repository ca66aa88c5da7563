import type { z } from 'zod';
import type { Batches, Item } from '../../../core/destinations/destination.ts';
import { configuredAs } from '../../../core/destinations/not-configured.ts';
import type { Outcome } from '../../../core/destinations/outcome.ts';

/** An answer that was a success, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly json: () => Promise<unknown>;
  readonly text: () => Promise<string>;
}

/** A request. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What the code of a destination gets for one call. */
export interface Tools<Settings> {
  /** What the destination's secret has, in the form that `settings` declares. */
  readonly settings: Settings;
  /**
   * `fetch` through the guarded way out: public addresses by HTTPS, no redirects, one deadline, a bounded answer.
   * @throws Error with the `status` when the answer is no success
   */
  readonly fetch: (url: string | URL, asked?: Asked) => Promise<Answer>;
  /** Milliseconds since 1970 by which the call must end. */
  readonly deadline: number;
}

/** Tells items. Returns the outcome of each in their order, or nothing if all arrived; an error is that of all. */
type Deliver<Settings> = (items: readonly Item[], tools: Tools<Settings>) => Promise<readonly Outcome[] | undefined>;

/** A destination of a team's own. */
export interface OwnDefinition<Settings> {
  /** The form of `settings` in the destination's secret. */
  readonly settings: z.ZodType<Settings>;
  /** Absent if it takes one item at a time. */
  readonly batches?: Batches;
  readonly deliver: Deliver<Settings>;
}

/** An own destination, which checks its settings itself. */
export interface OwnDestination {
  readonly batches?: Batches | undefined;
  readonly deliver: Deliver<unknown>;
}

/**
 * Declares a destination of your own, which a module exports as `destination`.
 *
 * @example
 * const destination = defineDestination({
 *   settings: z.strictObject({ apiKey: z.string() }),
 *   deliver: async ([item], { settings, fetch }) => {
 *     const headers = { authorization: `Bearer ${settings.apiKey}` };
 *     await fetch('https://tool.example.com/people', { method: 'POST', headers, body: JSON.stringify(item?.call) });
 *     return undefined;
 *   },
 * });
 */
export const defineDestination = <Settings>(definition: OwnDefinition<Settings>): OwnDestination => ({
  batches: definition.batches,
  deliver: (items, { settings, ...tools }) =>
    definition.deliver(items, { ...tools, settings: configuredAs(definition.settings, settings) }),
});
