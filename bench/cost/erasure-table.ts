import type { Table } from '../report/table.ts';
import { dollarsOf, type ErasureCost, lakeAssumptions, type Spent } from './erasure.ts';

const some = (number = 0): string => number.toLocaleString('en-US', { maximumFractionDigits: number < 10 ? 2 : 0 });
const dollars = (spent: Spent): string => dollarsOf(spent).toFixed(5);

/** What erasing people in one run costs, with what had to be assumed. */
export function erasureTable(costs: readonly ErasureCost[]): Table {
  const of = lakeAssumptions;
  const megabytes = (bytes: number): string => some(bytes / 2 ** 20);
  return {
    title: 'Dollars of erasing people in one run, us-east-1, counted',
    columns: [
      ...['people', 'table: reads', 'writes', 'list: GET', 'PUT', 'table and list $'],
      ...['lake: GET', 'PUT', 'hours of Glue', 'lake $', 'together $', '$ a person'],
    ],
    rows: costs.map(({ people, table, lake }) => [
      ...[some(people), some(table.dynamoRead), some(table.dynamoWrite), some(table.s3Get), some(table.s3Put)],
      ...[dollars(table), some(lake.s3Get), some(lake.s3Put), some(lake.glueHour), dollars(lake)],
      (dollarsOf(table) + dollarsOf(lake)).toFixed(5),
      ((dollarsOf(table) + dollarsOf(lake)) / people).toFixed(5),
    ]),
    notes: [
      'Table and list: counted from what the code asks for, over tables in memory; each person has three identifiers and one',
      'merge, and no destination. A call waits 8 ms, at half a gigabyte.',
      `Lake, assumed: ${some(of.events)} events of ${of.eventBytes} bytes, and ${of.sightingBytes} in sightings; ${of.eventsPerPerson} events a person, each in any file;`,
      `files of ${megabytes(of.fileBytes)} MB; a processor reads ${megabytes(of.readBytesPerSecond)} MB a second, writes ${megabytes(of.writtenBytesPerSecond)}, and hashes an identifier in ${of.hashMicroseconds} µs;`,
      `${of.identifiersPerEvent} identifiers an event. All sightings are read and hashed once, also for one person.`,
    ],
  };
}
