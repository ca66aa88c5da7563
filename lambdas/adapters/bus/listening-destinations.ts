import { type EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';

const Listening = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ detail: z.object({ destinations: z.array(z.string()) }) }));

/**
 * Ids of all destinations that listen on a segment bus, read from its rules; each receives only changes of its own
 * segments.
 */
export async function listeningDestinations(client: EventBridgeClient, EventBusName: string): Promise<string[]> {
  const ids: string[] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page = await client.send(new ListRulesCommand({ EventBusName, NextToken }));
    for (const { EventPattern } of page.Rules ?? [])
      ids.push(...(Listening.safeParse(EventPattern).data?.detail.destinations ?? []));
    NextToken = page.NextToken;
  }
  return ids;
}
