import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { importPrefix } from '../../../lambdas/core/contract/storage.ts';
import { eventually } from '../observed/eventually.ts';
import { quarantined, rawEvents } from '../observed/lake.ts';
import { allItems, profileOf } from '../observed/profiles.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const guest = (name: string) => `${unique(name)}@shop.example`;

/** Puts a file where the source `showroom` has its files. */
const drop = (name: string, text: string) =>
  s3.send(
    new PutObjectCommand({ Bucket: platform.lakeBucket, Key: `${importPrefix.files}showroom/${name}`, Body: text }),
  );

/** Entries of the ledger of imports that are done: pieces, and the bytes of files. */
const done = async (kind: 'piece' | 'file') =>
  [...(await allItems()).values()].filter(
    ({ pk, sk, state }) =>
      String(pk).startsWith('import#showroom') && String(sk).startsWith(`${kind}#`) && state === 'done',
  );

it('a file of visits ends in profiles and in the lake once, and its bytes under another name do nothing', async () => {
  const [ann, bob] = [guest('ann'), guest('bob')];
  const rows = [
    ['v1', '2026-04-01T10:00:00Z', ann, 'Ulm'],
    ['v2', '2026-04-02T10:00:00Z', ann, 'Bonn'],
    ['v3', '2026-04-02T11:00:00Z', bob, 'Ulm'],
    ['v4', 'at noon', bob, 'Ulm'],
  ].map(([id = '', ...others]) => [unique(id), ...others].join(','));
  const text = ['visit_id,visited_at,email,city', ...rows, ''].join('\n');
  const before = (await done('piece')).length;
  await drop('visits.csv', text);

  const arrived = async () => {
    expect(await profileOf(`email:${ann}`)).toMatchObject({ eventCount: 2 });
    expect(await profileOf(`email:${bob}`)).toMatchObject({ eventCount: 1 });
  };
  await eventually(arrived, { within: 110_000 });
  await eventually(async () => {
    const kept = (await quarantined()).filter(({ event }) => String(event).includes(bob));
    expect(kept).toMatchObject([{ stage: 'import', sourceId: 'showroom', place: { line: 5 } }]);
    const lines = (await rawEvents()).filter(({ sourceId }) => sourceId === 'showroom');
    expect(lines.filter((line) => JSON.stringify(line).includes(ann))).toHaveLength(2);
  });

  await drop('the same again.csv', text);
  const other = guest('eve');
  await drop('later.csv', `visit_id,visited_at,email,city\n${unique('v5')},2026-04-03T10:00:00Z,${other},Ulm\n`);
  await eventually(async () => expect(await profileOf(`email:${other}`)).toMatchObject({ eventCount: 1 }), {
    within: 110_000,
  });
  await arrived();
  expect((await done('piece')).length - before).toBe(2);
});
