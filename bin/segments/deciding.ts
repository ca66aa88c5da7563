import { config } from '../../cdp.config.ts';
import type { DecisionAccount } from '../../lambdas/operations/decision-account.ts';
import { type ApplyDeps, type ApplyRange, applyDefinitions } from '../../lambdas/operations/histories/apply.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { stopRequest } from '../terminal/stop-request.ts';

/** The table, and the files of histories where some are brought; without `write`, nothing changes. */
export type Table = Pick<
  ApplyDeps,
  'scan' | 'read' | 'readAccounts' | 'write' | 'load' | 'loadAt' | 'pause' | 'registry'
> &
  Partial<Pick<ApplyDeps, 'lines'>>;

/** Decides everybody's segments by cdp.config.ts, and shows how far it is. @throws Error when it is stopped */
export async function decided(range: ApplyRange, table: Table): Promise<DecisionAccount> {
  const line = progressLine();
  const isStopped = stopRequest();
  async function* until<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    for await (const item of items) {
      // A person's history that ends in its midst must not pass for the whole of it.
      if (isStopped()) throw new Error('stopped; the same command goes on where it ended');
      yield item;
    }
  }
  const account = await applyDefinitions(range, {
    ...table,
    scan: (part) => until(table.scan(part)),
    lines: (key) => until(table.lines?.(key) ?? noLines()),
    config,
    now: Date.now,
    brought: (people) => line.show(`segment: the histories of ${people} people are read`),
    tell: ({ people, outdated }) => line.show(`segment: ${people} people read, ${outdated} decided again`),
  });
  line.erase();
  return account;
}

async function* noLines(): AsyncGenerator<string> {}
