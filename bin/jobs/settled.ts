import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until events that were received before a time have had so many minutes to reach the lake. */
export async function settled(before: Date, minutes: number, why: string): Promise<void> {
  const until = new Date(before.getTime() + minutes * 60_000);
  if (until.getTime() <= Date.now()) return;
  console.error(`waiting until ${until.toISOString()}, so that ${why} can reach the lake`);
  await sleep(until.getTime() - Date.now());
}
