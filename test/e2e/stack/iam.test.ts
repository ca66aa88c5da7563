import { describe, expect, inject, it } from 'vitest';
import { attemptsAbout, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf, profilesWith } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';
import { permitted } from '../platform/permissions.ts';
import { credentialsOf, withoutGrant } from '../platform/roles.ts';

describe('a role may do what its function does, and nothing else of', () => {
  it.each([
    {
      purpose: 'collect',
      may: ['look into the lake', 'read the secrets of sources', "read the identifiers' key", 'send events'],
    },
    { purpose: 'stitch', may: ['read profiles', "read the identifiers' key", 'write profiles'] },
    { purpose: 'tend', may: ['read profiles', "read the identifiers' key", 'write profiles'] },
    { purpose: 'import', may: ['look into the lake', "read the identifiers' key", 'send events'] },
    { purpose: 'publish', may: ['announce changes'] },
    { purpose: 'deliver', may: ['look into the lake', 'read profiles', "read the destination's settings"] },
    { purpose: 'profile', may: ['read profiles', "read the identifiers' key", 'read the access tokens'] },
  ] as const)('$purpose: $may', async ({ purpose, may }) => {
    expect(await permitted(await credentialsOf(await findFunction(purpose)))).toEqual([...may].sort());
  });
});

const reader = (userId: string) => ({ userId, traits: { email: `${userId}@example.com`, newsletter: true } });
const entered = async (userId: string) => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']);

describe('a grant that is missing is denied, and nothing is lost meanwhile', () => {
  it('collect without kinesis:PutRecords tells clients to come back', async () => {
    const userId = unique('no-put-records');
    const collect = await findFunction('collect');
    const started = Date.now();
    const refused = await withoutGrant(collect, 'kinesis:PutRecords', () => post('/v1/identify', reader(userId)));
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
    await eventually(async () => {
      // A busy machine may see a worker's last words only with its next call, and nothing else calls this function
      // here.
      await fetch(`${inject('platform').ingestUrl}/health`);
      expect(await logSince(collect, started)).toContain('AccessDenied');
    });
    expect(await post('/v1/identify', reader(userId))).toMatchObject({ status: 200 });
    await eventually(() => profileOf(`user_id:${userId}`));
  });

  it('stitch without dynamodb:PutItem tries again until it may', async () => {
    const userId = unique('no-put-item');
    const stitch = await findFunction('stitch');
    const started = Date.now();
    await withoutGrant(stitch, 'dynamodb:PutItem', async () => {
      await post('/v1/identify', reader(userId));
      await eventually(async () => expect(await logSince(stitch, started)).toContain('AccessDenied'));
      expect(await profilesWith(`user_id:${userId}`)).toEqual([]);
    });
    await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 1 }));
    await eventually(() => entered(userId));
  });

  it('publish without events:PutEvents tries again until it may', async () => {
    const userId = unique('no-put-events');
    const publish = await findFunction('publish');
    const started = Date.now();
    await withoutGrant(publish, 'events:PutEvents', async () => {
      await post('/v1/identify', reader(userId));
      await eventually(async () => expect(await logSince(publish, started)).toContain('AccessDenied'));
      expect(await attemptsAbout(userId)).toEqual([]);
    });
    await eventually(() => entered(userId));
  });
});
