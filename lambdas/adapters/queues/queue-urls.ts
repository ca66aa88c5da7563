import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

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
      reading ??= read(client, parameters).catch((error: unknown) => {
        forget();
        throw error;
      });
      return (await reading).get(destination);
    },
  };
}

async function read(client: SSMClient, parameters: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(parameters.map((Name) => client.send(new GetParameterCommand({ Name }))));
  return new Map(answers.flatMap(({ Parameter }) => Object.entries(Urls.parse(JSON.parse(Parameter?.Value ?? '{}')))));
}
