import { Buffer } from 'node:buffer';
import * as z from 'zod';
import type { Exchange } from '../../adapters/egress/exchanges.ts';
import type { Call, Destination } from '../../core/destinations/destination.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';

/** An operator's wish to tell the destination one made-up call, and to see what is sent. */
const Trial = z.object({
  trial: z.object({
    call: z.custom<Call>((value) => z.object({ type: z.string(), messageId: z.string() }).safeParse(value).success),
    about: z.string().optional(),
  }),
});

/** What trials need. */
export interface TrialDeps {
  readonly destination: Destination;
  /** Absent where nobody tries out. */
  readonly trials?: {
    /** Runs a function and returns what it sent and was answered. */
    readonly noting: <T>(
      act: () => Promise<T>,
    ) => Promise<{ readonly result: T; readonly exchanges: readonly Exchange[] }>;
    /** The text of the destination's secret. */
    readonly secret: () => Promise<string>;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The outcome of a trial; secrets are hidden in it. */
export interface TrialResult {
  readonly outcome: Outcome | undefined;
  readonly exchanges: readonly Exchange[];
}

/** Milliseconds for a trial; the function's timeout is 30 seconds. */
const patience = 25_000;

/** Answers trials, and hands everything else on. Only who sends a trial gets its result. */
export const withTrials =
  <Event, Result>(deliver: (event: Event) => Promise<Result>, deps: TrialDeps) =>
  async (event: Event): Promise<Result> => {
    const wish = Trial.safeParse(event);
    if (!wish.success || deps.trials === undefined) return deliver(event);
    return runTrial(wish.data.trial, deps.trials, deps) as Promise<Result>;
  };

async function runTrial(
  { call, about }: z.infer<typeof Trial>['trial'],
  { noting, secret }: NonNullable<TrialDeps['trials']>,
  { destination, now }: TrialDeps,
): Promise<TrialResult> {
  const item = { id: call.messageId, call, about };
  const { result, exchanges } = await noting(() => destination.deliver([item], { deadline: now() + patience }));
  const hide = hiding(await secret().catch(() => ''));
  return { outcome: result[0], exchanges: exchanges.map(hide) };
}

/** Values whose names say that they are secrets; the key of a segment is none. */
const named = /("(?!(?:audience|computation)_key")[\w-]*(?:token|secret|password|key)"\s*:\s*")[^"]*/gi;

/** Makes a function that hides secrets in an exchange: those of the secret, and what answers call a token or a key. */
function hiding(text: string): (exchange: Exchange) => Exchange {
  const secrets = textsIn(jsonOf(text)).flatMap((value) => [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
  ]);
  const hidden = (shown: string): string =>
    secrets
      .toSorted((a, b) => b.length - a.length)
      .reduce((rest, value) => rest.replaceAll(value, '•••'), shown)
      .replaceAll(named, '$1•••');
  return ({ url, body, answer, ...others }) => ({
    ...others,
    url: hidden(url),
    body: hidden(body),
    answer: hidden(answer),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Shorter texts are no secrets, and occur everywhere. */
const shortest = 4;

/** All texts in a value, but places that an operator allowed. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < shortest ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (name === 'allowedPrivateHosts' ? [] : textsIn(each)));
}
