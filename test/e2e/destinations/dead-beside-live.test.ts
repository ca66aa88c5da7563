import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { heardBy } from '../observed/received.ts';
import { unique } from '../platform/deployment.ts';
import { send } from './people.ts';

/** How long one destination is dead. An attempt waits ten seconds, so some are under way all the time. */
const minutes = Number(process.env.DEAD_MINUTES ?? 0.5);
const second = 1_000;

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

/** Sends somebody new each second, and returns how long each took until the live destination was told, sorted. */
async function latencies(to: 'live' | 'both', seconds: number): Promise<number[]> {
  const sent = new Map<string, number>();
  for (let n = 0; n < seconds; n++) {
    const userId = unique(`${to}-${n}`);
    sent.set(userId, Date.now());
    await send(userId, to);
    await pause(Math.max(0, second - (Date.now() - (sent.get(userId) ?? 0))));
  }
  const heard = await eventually(
    async () => {
      const all = (await heardBy('live')).filter(({ told: { userId = '' } }) => sent.has(userId));
      expect(new Set(all.map(({ told }) => told.userId)).size).toBe(sent.size);
      return all;
    },
    { within: 60 * second },
  );
  return heard.map(({ at: time, told: { userId = '' } }) => time - (sent.get(userId) ?? 0)).sort((a, b) => a - b);
}

it(`a destination that accepts and never answers for ${minutes} minutes costs the live one beside it nothing`, {
  timeout: (minutes + 5) * 60 * second,
}, async () => {
  await latencies('both', 1);
  const alone = await latencies('live', 20);
  const before = (await heardBy('dead')).length;
  const beside = await latencies('both', minutes * 60);
  const waiting = (await heardBy('dead')).length - before;
  const told = (name: string, all: readonly number[]) => `${name}: p50 ${at(all, 0.5)} ms, p95 ${at(all, 0.95)} ms`;
  console.log(`${told('alone', alone)}; ${told('beside the dead one', beside)}; it accepted ${waiting} requests`);
  expect(waiting).toBeGreaterThanOrEqual(10);
  expect(at(beside, 0.5)).toBeLessThanOrEqual(at(alone, 0.5) * 2 + second / 2);
  expect(at(beside, 0.95)).toBeLessThanOrEqual(at(alone, 0.95) * 2 + 2 * second);
});
