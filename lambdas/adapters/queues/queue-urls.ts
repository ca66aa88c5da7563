import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

/** Parameters in one call. */
const perCall = 10;

const Urls = z.record(z.string(), z.string());

/** URLs of destinations' queues by the destination's id, as the deployment wrote them. */
export interface QueueUrls {
  readonly of: (destination: string) => Promise<string | undefined>;
  /** Has them read again. */
  readonly forget: () => void;
}

/** Reads the URLs once, from parameters with a part of the destinations each. */
export function queueUrls(client: SSMClient, parameters: readonly string[]): QueueUrls {
  let reading: Promise<ReadonlyMap<string, string>> | undefined;
  const forget = () => {
    reading = undefined;
  };
  return {
    forget,
    of: async (destination) => {
      reading ??= read(client, parameters);
      return (await reading.catch(forget))?.get(destination);
    },
  };
}

async function read(client: SSMClient, parameters: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>();
  for (let at = 0; at < parameters.length; at += perCall) {
    const { Parameters = [] } = await client.send(
      new GetParametersCommand({ Names: parameters.slice(at, at + perCall) }),
    );
    for (const { Value = '{}' } of Parameters)
      for (const [destination, url] of Object.entries(Urls.parse(JSON.parse(Value)))) urls.set(destination, url);
  }
  return urls;
}
