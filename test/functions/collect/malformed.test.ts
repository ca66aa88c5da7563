import { expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { collectInMemory, serverKey } from '../../fixtures/in-memory/collect.ts';
import { seedOfRun } from '../../fixtures/laws.ts';
import { type MalformedBody, malformedBodies } from '../../fixtures/malformed.ts';

const seed = seedOfRun();

it(`answers 1,000 malformed bodies without a 5xx, but where gzip was damaged, and without losing a good event (SEED=${seed})`, async () => {
  const statuses = new Map<number, number>();
  for (const malformed of malformedBodies(seed)) {
    const status = await send(malformed);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  // Noise may begin as another compression does, and seldom will.
  expect([...statuses.keys()].filter((status) => status !== 415).sort()).toEqual([200, 400, 413, 503]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

async function send({ name, path, headers, body, items, good }: MalformedBody): Promise<number> {
  const collect = collectInMemory();
  const { status = 0, body: answer } = await collect.request({
    path,
    headers: { ...headers, ...basic(serverKey) },
    body,
  });
  const context = `${name} on ${path} answered ${status}: ${JSON.stringify(answer).slice(0, 300)}`;
  const arrived = collect.events();

  expect([200, 400, 413, 415, 503], context).toContain(status);
  if (status === 503)
    expect({ code: answer.code, gzip: body[0] === 0x1f || body[1] === 0x8b }, context).toEqual({
      code: 'damaged',
      gzip: true,
    });
  if (status === 200) expect(answer.success, context).toBe(true);
  if (status !== 200)
    expect(answer, context).toMatchObject({ success: false, code: expect.any(String), message: expect.any(String) });
  if (status !== 200) expect(arrived, context).toEqual([]);
  for (const messageId of good)
    expect(
      arrived.filter((event) => event.messageId === messageId),
      context,
    ).toHaveLength(1);
  if (items !== undefined) {
    expect(status, context).toBe(200);
    expect(arrived.length + collect.quarantined().length, context).toBe(items.length);
    expect(
      collect.quarantined().map(({ index }) => index),
      context,
    ).toEqual((answer.rejected ?? []).map(({ index }: { index: number }) => index));
  }
  return status;
}
