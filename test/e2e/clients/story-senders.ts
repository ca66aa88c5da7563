import RudderStack from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { platform } from '../platform/deployment.ts';
import { sendByPython } from './python-client.ts';

interface Consent {
  readonly consent: { readonly categoryPreferences: Readonly<Record<string, boolean>> };
}

/** A call about a person with an account. */
export type StoryCall = { readonly userId: string; readonly at: string; readonly context?: Consent } & (
  | { readonly type: 'identify'; readonly traits: Readonly<Record<string, string>> }
  | { readonly type: 'page'; readonly name: string; readonly properties: object }
  | { readonly type: 'track'; readonly event: string; readonly properties: Readonly<Record<string, string | number>> }
);

type Send = (calls: readonly StoryCall[]) => Promise<void>;

/** Ways to send calls with their own times. @throws what the client says of its failure */
export const storySenders: readonly Send[] = [
  async (calls) => {
    const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl });
    const failures: unknown[] = [];
    analytics.on('error', (failure) => failures.push(failure));
    for (const { at, ...stated } of calls) analytics[stated.type]({ ...stated, timestamp: new Date(at) } as never);
    await analytics.closeAndFlush();
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
  },
  async (calls) => {
    const client = new RudderStack(platform.writeKey, {
      dataPlaneUrl: platform.ingestUrl,
      logLevel: 'none',
      retryCount: 0,
    });
    const answers = calls.map(
      ({ at, ...stated }) =>
        new Promise((resolve) =>
          client[stated.type]({ ...stated, timestamp: new Date(at) } as never, resolve as never),
        ),
    );
    await client.flush();
    const failures = (await Promise.all(answers)).filter((answer) => answer !== undefined && answer !== null);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
  },
  async (calls) => {
    const { exitCode, output } = await sendByPython('segment', true, calls);
    if (exitCode !== 0) throw new Error(output);
  },
];
