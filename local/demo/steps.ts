import type { TaskLine } from '../../bin/terminal/task-line.ts';
import { sendRequests } from './send-phase.ts';
import type { Target } from './senders.ts';
import type { SdkRequest } from './shop/calls.ts';
import { type Pace, until } from './until.ts';

/** Sends requests, and shows how far it came. Returns how many calls were accepted. @throws NotSent */
export async function sent(
  title: string,
  requests: readonly SdkRequest[],
  target: Target,
  progress: TaskLine,
): Promise<number> {
  const calls = requests.reduce((sum, request) => sum + request.calls.length, 0);
  let accepted = 0;
  progress.start(title);
  await sendRequests(requests, target, (count) => {
    accepted += count;
    progress.show(accepted, calls);
  });
  progress.finish(`${accepted.toLocaleString('en-US')} events in ${requests.length} requests`);
  return accepted;
}

/** A count that a step waits for. */
interface Awaited extends Pace {
  readonly title: string;
  readonly wanted: number;
  readonly read: () => Promise<number>;
}

/** Waits for a count, and shows how far it came. @throws Stalled */
export async function awaited(progress: TaskLine, { title, ...waiting }: Awaited): Promise<void> {
  progress.start(title);
  const onProgress = (count: number) => progress.show(count, waiting.wanted);
  const reached = await until({ what: title.replace('  … ', ''), onProgress, ...waiting });
  progress.finish(reached.toLocaleString('en-US'));
}

/** Milliseconds. The queue shows a failed delivery again after three minutes. */
export const redelivery = 200_000;
