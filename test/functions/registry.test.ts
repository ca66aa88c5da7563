import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { stateKey } from '../../lambdas/adapters/dynamodb/keys.ts';
import { createHandler } from '../../lambdas/functions/registry/handler.ts';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { keyOf } from '../fakes/memory-store.ts';
import { tableError } from '../fakes/table-error.ts';
import { minute } from '../fixtures/events.ts';

const noon = Date.parse(minute(0));
const pause = async () => {};

/** A profile table, and deployments to it. */
class Deployed {
  private readonly memory = new MemoryDynamoDb();
  readonly table = registryTable(this.memory.client, 'profiles', pause);
  readonly answers: object[] = [];
  /** Writes that somebody else is faster than. */
  contended = 0;

  /** Whether the table is gone before the stack. */
  isGone = false;

  keepProfile = () =>
    this.memory.rows('profiles').set(keyOf(stateKey('per_1')), { ...stateKey('per_1'), kind: 'profile' });

  async deploy(
    RequestType: string,
    ids: readonly string[] | string,
    at = 0,
    programs: readonly string[] = [],
  ): Promise<unknown> {
    const Aggregates = typeof ids === 'string' ? ids : JSON.stringify(ids);
    const properties = { ServiceToken: 'arn', Aggregates, Programs: JSON.stringify(programs) };
    await createHandler({
      ...this.table,
      read: async () => {
        if (this.isGone) throw tableError('ResourceNotFoundException', 'Requested resource not found');
        return this.table.read();
      },
      write: async (...args) => (this.contended-- > 0 ? { kind: 'contended' } : this.table.write(...args)),
      pause,
      now: () => noon + at * 60_000,
      answer: async (_, answer) => void this.answers.push(answer),
      info: () => {},
    })({
      RequestType,
      ResponseURL: 'https://stack.example/answer',
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'Registered',
      ResourceProperties: properties,
    } as unknown as CloudFormationCustomResourceEvent);
    return this.answers.at(-1);
  }

  async registry() {
    const { registry } = (await this.table.read()) ?? {};
    return registry && { ...registry, aggregates: Object.fromEntries(registry.aggregates) };
  }
}

const whose = { StackId: 's', RequestId: 'r', LogicalResourceId: 'Registered', PhysicalResourceId: 'Registered' };
const first = { generation: 0, cut: undefined };
const since = (generation: number, at: number) => ({ generation, cut: minute(at + 5) });

describe('a deployment registers aggregates', () => {
  it('that count since the first event, in a table of its own', async () => {
    const deployed = new Deployed();
    expect(await deployed.deploy('Create', ['a', '@a'])).toEqual({ ...whose, Status: 'SUCCESS' });
    expect(await deployed.registry()).toEqual({
      generation: 0,
      complete: 0,
      aggregates: { a: first, '@a': first },
      programs: [],
    });
  });

  it('and the programs that it decides with, also where it counts nothing else', async () => {
    const deployed = new Deployed();
    await deployed.deploy('Create', ['a'], 0, ['p1', 'p2']);
    await deployed.deploy('Update', ['a'], 10, ['p3', 'p2']);
    const registry = await deployed.registry();
    expect(registry).toEqual({ generation: 0, complete: 0, aggregates: { a: first }, programs: ['p3', 'p2'] });
  });

  it('that count from then on, in a table with profiles that older code made', async () => {
    const deployed = new Deployed();
    deployed.keepProfile();
    await deployed.deploy('Create', ['a']);
    expect(await deployed.registry()).toEqual({
      generation: 1,
      complete: 0,
      aggregates: { a: since(1, 0) },
      programs: [],
    });
  });

  it('once, though it is asked twice', async () => {
    const deployed = new Deployed();
    await deployed.deploy('Create', ['a']);
    await deployed.deploy('Update', ['a', 'b'], 10);
    await deployed.deploy('Update', ['b', 'a'], 20);
    expect(await deployed.registry()).toEqual({
      generation: 1,
      complete: 0,
      aggregates: { a: first, b: since(1, 10) },
      programs: [],
    });
  });

  it('that come back as new ones, after a rollback, and as they were with another stack of the same table', async () => {
    const deployed = new Deployed();
    await deployed.deploy('Create', ['a']);
    await deployed.deploy('Update', ['a', 'b'], 10);
    await deployed.deploy('Update', ['a'], 20);
    await deployed.deploy('Update', ['a', 'b'], 30);
    expect(await deployed.registry()).toMatchObject({ generation: 2, aggregates: { a: first, b: since(2, 30) } });
    await deployed.deploy('Delete', ['a', 'b'], 40);
    await deployed.deploy('Create', ['a', 'b'], 50);
    expect(await deployed.registry()).toMatchObject({ generation: 2, aggregates: { a: first, b: since(2, 30) } });
  });

  it('and nothing at a deletion, also of a deployment that never registered any', async () => {
    const deployed = new Deployed();
    expect(await deployed.deploy('Delete', ['a'])).toEqual({ ...whose, Status: 'SUCCESS' });
    expect(await deployed.registry()).toBeUndefined();
    await deployed.deploy('Create', ['a'], 10);
    expect(await deployed.registry()).toMatchObject({ generation: 0, aggregates: { a: first } });
  });

  it('and can be deleted when its table is gone, but not deployed', async () => {
    const deployed = new Deployed();
    deployed.isGone = true;
    expect(await deployed.deploy('Delete', ['a'])).toEqual({ ...whose, Status: 'SUCCESS' });
    expect(await deployed.deploy('Update', ['a'])).toMatchObject({ Status: 'FAILED' });
  });

  it('though somebody else is faster', async () => {
    const deployed = new Deployed();
    deployed.contended = 2;
    await deployed.deploy('Create', ['a']);
    expect(await deployed.registry()).toMatchObject({ aggregates: { a: first } });
  });

  it.each([
    { name: 'somebody else is always faster', contended: 99, ids: ['a'], reason: 'somebody else wrote the registry' },
    { name: 'it is asked for nothing that can be read', contended: 0, ids: '[', reason: 'could not be registered' },
  ])('or says why not and does not hang, when $name', async ({ contended, ids, reason }) => {
    const deployed = new Deployed();
    deployed.contended = contended;
    expect(await deployed.deploy('Create', ids)).toEqual({
      ...whose,
      Status: 'FAILED',
      Reason: expect.stringContaining(reason),
    });
    expect(await deployed.registry()).toBeUndefined();
  });
});
