/** Size of a function. */
export interface FunctionSize {
  /**
   * Megabytes of memory, 128 to 10,240; Lambda gives processor time in proportion. @default - As the prop of the
   * function says
   */
  readonly memorySize?: number;
  /**
   * Executions that Lambda reserves for this function, which are also its maximum. A new account has too few to reserve
   * any.
   * @default - As many as the account has left
   */
  readonly reservedConcurrency?: number;
}

/** Size and pace of stitching. */
export interface StitchSize extends FunctionSize {
  /**
   * Batches of one shard that Lambda processes at once, 1 to 10. Events of one sender and person stay in order.
   * @default 1
   */
  readonly parallelizationFactor?: number;
  /** Maximum of records in one batch, 1 to 10,000. A record holds the events of one request. @default 1000 */
  readonly batchSize?: number;
}

/** Size and pace of deliveries. */
export interface DeliverSize extends FunctionSize {
  /**
   * Executions at once for one destination, 2 to 1,000. Each tells ten people at once, so 10 executions tell a tool
   * that answers in 200 ms about 460 people a second. A higher value empties a queue sooner and can overload the tool.
   * It must not exceed `reservedConcurrency`. @default 10
   */
  readonly maxConcurrency?: number;
}

/** Capacity of the profile table. */
export interface TableCapacity {
  /**
   * Reads and writes a second that the table accepts without warming up: at least 12,000 and 4,000. DynamoDB never
   * lowers them, and bills each increase once.
   * @default - The throughput that DynamoDB gives a new table
   */
  readonly warmThroughput?: { readonly readUnitsPerSecond?: number; readonly writeUnitsPerSecond?: number };
  /** Capacity that AWS bills by the hour and that follows the load. @default - Billed by request */
  readonly provisioned?: ProvisionedCapacity;
}

/** Capacity that AWS bills by the hour, within bounds. */
export interface ProvisionedCapacity {
  /** Read capacity units. */
  readonly readUnits: Bounds;
  /** Write capacity units. */
  readonly writeUnits: Bounds;
  /** Percentage of used capacity that scaling aims at, 20 to 90. @default 70 */
  readonly targetUtilization?: number;
}

/** Minimum and maximum. */
export interface Bounds {
  /** Minimum. */
  readonly min: number;
  /** Maximum. */
  readonly max: number;
}
