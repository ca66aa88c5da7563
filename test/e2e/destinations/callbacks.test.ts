import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { received } from '../observed/received.ts';
import { basic } from '../observed/requests.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';

const lambda = new LambdaClient(asOwner);

/** Calls the admin API about the person of a user id. */
async function ask(userId: string, urls: readonly string[]) {
  const subject_request_id = randomUUID();
  const identity = { identity_type: 'controller_customer_id', identity_value: userId, identity_format: 'raw' };
  const answer = await fetch(`${platform.adminUrl}/v1/requests`, {
    method: 'POST',
    headers: { authorization: basic(platform.adminToken) },
    body: JSON.stringify({
      ...{ subject_request_id, subject_request_type: 'suppress', regulation: 'gdpr', subject_identities: [identity] },
      ...{ submitted_time: new Date().toISOString(), status_callback_urls: urls },
    }),
  });
  return { id: subject_request_id, status: answer.status, text: await answer.text() };
}

it('a request tells each address every status in order, over HTTPS, by the hourly function alone', async () => {
  const token = unique('token');
  // How a receiver answers is in its path; the second one answers 500 once.
  const at = (receiver: string, manner: string) => `https://hooks.example/${receiver}-${token}/${manner}`;
  const [good, late, elsewhere] = [at('good', '200'), at('late', '500?times=1'), at('elsewhere', 'redirect')];
  const { id, status } = await ask(unique('called'), [elsewhere, good, late]);
  expect(status).toBe(201);
  const { name: FunctionName, ...fn } = await findFunction('requests');
  const began = Date.now();
  const heard = async (url: string) => (await received()).filter((one) => one.url === url);
  const statusesAt = async (url: string) =>
    (await heard(url)).map(({ body }) => (JSON.parse(body) as { request_status: string }).request_status);
  expect(await heard(good)).toEqual([]);
  const runs = async () => {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
  };

  const all = ['pending', 'in_progress', 'completed'];
  await runs();
  expect([await statusesAt(good), await statusesAt(late)]).toEqual([all, ['pending']]);
  await runs();
  expect([await statusesAt(good), await statusesAt(late)]).toEqual([all, ['pending', ...all]]);
  expect(await statusesAt(elsewhere)).toEqual(['pending', 'pending']);
  expect((await received()).filter(({ url }) => url.includes('169.254.169.254'))).toEqual([]);

  const [first] = await heard(good);
  expect(first?.method).toBe('POST');
  expect(first?.headers).toMatchObject({
    ...{ 'content-type': 'application/json', 'x-opendsr-processor-domain': 'privacy.example.com' },
  });
  expect(JSON.parse(first?.body ?? '')).toEqual({
    ...{ controller_id: 'self', subject_request_id: id, status_callback_url: good, request_status: 'pending' },
    expected_completion_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  const { stdout } = await npmRun('privacy', 'show', id, '--local');
  expect(stdout).toMatch(/callback +hooks.example was told nothing yet; FAILS since .*: Redirected/);
  expect(stdout).not.toContain(token);
  for (const wish of [['show', id], ['list']]) {
    const { stdout: forPrograms } = await npmRun('privacy', ...wish, '--json', '--local');
    expect(forPrograms).toContain('"https://hooks.example"');
    expect(forPrograms).not.toContain(token);
  }
  const log = await logSince({ name: FunctionName, ...fn }, began);
  expect(log).toContain('callbacks failed, and are tried again');
  expect(log).not.toContain(token);
});

it('a request with an address inside the network is refused', async () => {
  const { status, text } = await ask(unique('inside'), ['https://169.254.169.254/latest/meta-data/']);
  expect([status, text]).toEqual([422, expect.stringContaining('[0] cannot be called: the address is private')]);
  expect(text).not.toContain('169.254');
});
