import { describe, expect, it } from 'vitest';
import { allowedActions } from './allowed-actions.ts';

/** Roles that take events in or send them on and do not ask the list, with how events of people are kept out there. */
const othersAsk: Readonly<Record<string, string>> = {
  Stitch: 'reads the items of identifiers',
  RawDelivery: 'writes what others have put on the stream',
  BatchHistories: 'looks in the raw zone for what is unread, and gathers of people what the job identities has left',
};

const handles = (action: string): boolean =>
  /^kinesis:(PutRecords?|GetRecords) on |^s3:GetObject on S3::Bucket\/raw\/\*/.test(action);
const asks = (actions: readonly string[]): boolean =>
  actions.some((action) => /^s3:GetObject on S3::Bucket\/barriers\/(current|\*)$/.test(action)) &&
  actions.some((action) => action.startsWith('secretsmanager:GetSecretValue on SecretsManager::Secret'));

/** Roles that read or write the event stream, or read the raw zone, and ask nobody. */
const silent = Object.entries(allowedActions)
  .filter(([, actions]) => actions.some(handles) && !asks(actions))
  .map(([role]) => role);

describe('the list of barriers', () => {
  it('may be read by every role that reads or writes events, or they are kept out there otherwise', () =>
    expect(silent.filter((role) => othersAsk[role] === undefined)).toEqual([]));

  it('is not asked by roles that are said to do otherwise', () =>
    expect(Object.keys(othersAsk).filter((role) => !silent.includes(role))).toEqual([]));

  it('is written by the admin API, by what goes on with its requests, and by no other function', () =>
    expect(
      Object.entries(allowedActions).flatMap(([role, actions]) =>
        actions.includes('s3:PutObject on S3::Bucket/barriers/current') ? [role] : [],
      ),
    ).toEqual(['Operate', 'Run']));
});
