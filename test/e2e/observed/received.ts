import type { Received } from '../../fixtures/catalogue/tls-proxy.ts';
import { platform } from '../platform/deployment.ts';

const known: Received[] = [];

/** Everything that receivers behind the proxy have received, in order. */
export async function received(): Promise<readonly Received[]> {
  const from = known.length;
  const more = (await (await fetch(`${platform.receiverUrl}/?from=${from}`)).json()) as Received[];
  if (known.length === from) known.push(...more);
  return known;
}

/** A request to a webhook, with its body read. */
export interface Heard extends Received {
  readonly told: {
    readonly event: string;
    readonly messageId: string;
    readonly userId?: string;
    readonly timestamp: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly context: { readonly personas: Readonly<Record<string, string>>; readonly traits: object };
  };
}

/** What the webhook of a destination has received, about one person if one is given. */
export async function heardBy(id: string, userId?: string): Promise<Heard[]> {
  const all = await received();
  return all
    .filter(({ url }) => url.startsWith(`https://hooks.example/${id}/`))
    .map((each) => ({ ...each, told: JSON.parse(Buffer.from(each.body, 'latin1').toString()) as Heard['told'] }))
    .filter(({ told }) => userId === undefined || told.userId === userId);
}
