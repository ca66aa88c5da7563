import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { type MadeUp, madeUpEvent } from '../../lambdas/adapters/destinations/catalogue/definitions/audience-call.ts';
import { destinationFunctionOutput } from '../../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedDestination } from '../deployment/deployed-stack.ts';

const Exchange = z.object({
  method: z.string(),
  url: z.string(),
  body: z.string(),
  status: z.number(),
  answer: z.string(),
});
const Result = z.object({
  outcome: z.object({ kind: z.string(), reason: z.string().optional(), status: z.number().optional() }),
  exchanges: z.array(Exchange),
});

/**
 * Makes the deployed function of a destination tell it a made-up event, and returns what was sent and answered, with
 * secrets hidden. Nobody else knows the event: no profile and no queue has it.
 */
export async function trialText(id: string, made: MadeUp, deployment: Deployment): Promise<string> {
  const { where, outputs } = await deployedDestination(deployment, id);
  const { Payload, FunctionError } = await new LambdaClient(where).send(
    new InvokeCommand({
      FunctionName: outputs[destinationFunctionOutput(id)],
      Payload: JSON.stringify({ trial: { call: madeUpEvent(made), about: made.segment } }),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`the function of ${id} failed: ${text.slice(0, 500)}`);
  return resultText(Result.parse(JSON.parse(text)));
}

/** What a trial showed, for a person. */
export function resultText({ outcome, exchanges }: z.infer<typeof Result>): string {
  const { kind, reason } = outcome;
  return [
    ...exchanges.flatMap(({ method, url, body, status, answer }) => [
      `${method} ${url}`,
      ...(body === '' ? [] : [`  ${body}`]),
      `answered ${status}${answer === '' ? '' : `\n  ${answer.slice(0, 2_000)}`}`,
      '',
    ]),
    `${kind}${reason === undefined ? '' : `: ${reason}`}${meaningOf(kind, reason)}`,
  ].join('\n');
}

function meaningOf(kind: string, reason = ''): string {
  if (reason === 'DestinationNotConfigured')
    return '. Its secret is not complete: docs/guides/configure.md#destinations';
  if (reason === 'ToolNotConfigured') return '. Its secret is not complete: npm run destination -- describe <tool>';
  if (kind === 'unauthorized') return '. The destination did not accept the credentials';
  if (kind === 'filtered') return '. Nothing was sent: no action accepts the event, or its fields are empty';
  return '';
}
