import * as z from 'zod';
import { defineDestination } from '../../lambdas/adapters/destinations/own/define-destination.ts';

/** Tells a loyalty program who entered and exited, twenty people in a request. */
export const destination = defineDestination({
  settings: z.strictObject({ url: z.url(), apiKey: z.string().min(1) }),
  batches: { size: 20, keyOf: () => '' },
  deliver: async (items, { settings, fetch }) => {
    const people = items.map(({ call, about }) => ({ id: call.userId ?? call.anonymousId, what: about ?? call.type }));
    const headers = { authorization: `Bearer ${settings.apiKey}`, 'content-type': 'application/json' };
    const answer = await fetch(settings.url, { method: 'POST', headers, body: JSON.stringify({ people }) });
    const { unknown = [] } = (await answer.json()) as { unknown?: string[] };
    return items.map(({ call }) =>
      unknown.includes(call.userId ?? '')
        ? { kind: 'refused', reason: 'unknown person', requests: 1 }
        : { kind: 'delivered', requests: 1 },
    );
  },
});
