import { Duration } from 'aws-cdk-lib';
import { BillingMode, type GlobalSecondaryIndexProps, type Table, type TableOptions } from 'aws-cdk-lib/aws-dynamodb';
import type { Bounds, ProvisionedCapacity, TableCapacity } from '../blocks/capacity-props.ts';

/** A table's billing and warm throughput. */
export const billing = ({ warmThroughput, provisioned }: TableCapacity): Partial<TableOptions> => ({
  ...(provisioned === undefined
    ? { billingMode: BillingMode.PAY_PER_REQUEST }
    : {
        billingMode: BillingMode.PROVISIONED,
        readCapacity: provisioned.readUnits.min,
        writeCapacity: provisioned.writeUnits.min,
      }),
  ...(warmThroughput !== undefined && { warmThroughput }),
});

/** Point-in-time recovery; its days cost nothing, and the law's month is over when they are. */
export const recoverable = (window = Duration.days(14)) => ({
  pointInTimeRecoveryEnabled: true,
  recoveryPeriodInDays: window.toDays(),
});

/** Reads of an index at least: a function looks into it once a minute. */
const fewReads = ({ min }: Bounds): number => Math.min(min, 5);

/** An index of the table: the writes of the table are its writes, and a write to a slower index would wait. */
export const indexBilling = ({ warmThroughput, provisioned }: TableCapacity): Partial<GlobalSecondaryIndexProps> => ({
  ...(provisioned !== undefined && {
    readCapacity: fewReads(provisioned.readUnits),
    writeCapacity: provisioned.writeUnits.min,
  }),
  ...(warmThroughput?.writeUnitsPerSecond !== undefined && {
    warmThroughput: { writeUnitsPerSecond: warmThroughput.writeUnitsPerSecond },
  }),
});

/** Scales the provisioned capacity of a table and of its index with their load. */
export function followLoad(
  table: Table,
  index: string,
  { readUnits, writeUnits, targetUtilization = 70 }: ProvisionedCapacity,
): void {
  const target = { targetUtilizationPercent: targetUtilization };
  const bounds = ({ min, max }: Bounds) => ({ minCapacity: min, maxCapacity: max });
  const reads = bounds(readUnits);
  const writes = bounds(writeUnits);
  for (const scaling of [
    table.autoScaleReadCapacity(reads),
    table.autoScaleWriteCapacity(writes),
    table.autoScaleGlobalSecondaryIndexReadCapacity(index, { ...reads, minCapacity: fewReads(readUnits) }),
    table.autoScaleGlobalSecondaryIndexWriteCapacity(index, writes),
  ])
    scaling.scaleOnUtilization(target);
}
