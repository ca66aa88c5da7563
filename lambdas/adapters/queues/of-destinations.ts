import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

const Texts = z.record(z.string(), z.string());

/** A text for each destination, such as the URL of its queue, as the deployment wrote them. */
export interface OfDestinations {
  readonly of: (destination: string) => Promise<string | undefined>;
  /** Has them read again. */
  readonly forget: () => void;
}

/** Reads the texts once, from parameters with a part of the destinations each. */
export function ofDestinations(client: SSMClient, parameters: () => readonly string[]): OfDestinations {
  let reading: Promise<ReadonlyMap<string, string>> | undefined;
  const forget = () => {
    reading = undefined;
  };
  return {
    forget,
    of: async (destination) => {
      reading ??= read(client, parameters()).catch((error: unknown) => {
        forget();
        throw error;
      });
      return (await reading).get(destination);
    },
  };
}

async function read(client: SSMClient, parameters: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(parameters.map((Name) => client.send(new GetParameterCommand({ Name }))));
  return new Map(answers.flatMap(({ Parameter }) => Object.entries(Texts.parse(JSON.parse(Parameter?.Value ?? '{}')))));
}
