import { deliveryStores } from './delivery-stores.ts';
import { lakeStores } from './lake-stores.ts';
import { otherStores } from './other-stores.ts';
import type { Store } from './store.ts';
import { tableStores } from './table-stores.ts';

/**
 * Every place of a deployment where personal data may lie. A resource, a prefix of the lake, a partition of the
 * profile table or a table of the lake that no store covers fails a test, so what is built later must join.
 */
export const stores: readonly Store[] = [...tableStores, ...lakeStores, ...deliveryStores, ...otherStores];

const timeOf = ({ days }: Store): string => {
  if (days === undefined) return '';
  return days === 1 ? '1 day' : `${days} days`;
};

/** The stores as a table of a page. */
export const storesTable = (): string[] => [
  '| store | what of a person is there | goes by itself after | how a person is removed | how to see it |',
  '|---|---|---|---|---|',
  ...stores.map((store) => {
    const { name, holds = 'nothing', erasedBy, proof } = store;
    return `| ${[name, holds, timeOf(store), erasedBy, proof].join(' | ')} |`;
  }),
];
