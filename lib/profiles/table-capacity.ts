import { BillingMode, type Table, type TableOptions } from 'aws-cdk-lib/aws-dynamodb';
import type { ProvisionedCapacity, TableCapacity } from '../blocks/capacity-props.ts';

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

/** Scales a table's provisioned capacity with its load. */
export function followLoad(table: Table, { readUnits, writeUnits, targetUtilization = 70 }: ProvisionedCapacity): void {
  const target = { targetUtilizationPercent: targetUtilization };
  table.autoScaleReadCapacity({ minCapacity: readUnits.min, maxCapacity: readUnits.max }).scaleOnUtilization(target);
  table.autoScaleWriteCapacity({ minCapacity: writeUnits.min, maxCapacity: writeUnits.max }).scaleOnUtilization(target);
}
