/** How large a function is. */
export interface FunctionSize {
  /** Megabytes, 128 to 10,240; processor time comes with them. */
  readonly memorySize?: number;
  /** Executions at once that are set aside for this function, and the most it may have. A new account has too few to set any aside. @default - as many as the account has left */
  readonly reservedConcurrency?: number;
}

/** How stitching keeps up. */
export interface StitchSize extends FunctionSize {
  /** Batches of one shard that are worked on at once, 1 to 10; what belongs to one sender and person stays in order. @default 1 */
  readonly parallelizationFactor?: number;
  /** Records that one batch has at the most, 1 to 10,000; each is a request's events. @default 1000 */
  readonly batchSize?: number;
}

/** How destinations are told. */
export interface DeliverSize extends FunctionSize {
  /**
   * Executions at once that tell one destination, 2 to 1,000, each ten people at once: a tool that takes 200 ms for a person is told of 460 a second by 10. More
   * empty a queue sooner and may overrun the tool. It must not be above `reservedConcurrency`. @default 10
   */
  readonly maxConcurrency?: number;
}

/** What the profile table can take. */
export interface TableCapacity {
  /** Units a second that the table takes at once, without growing first: at least 12,000 reads and 4,000 writes. It never goes down again, and raising it is billed once. */
  readonly warmThroughput?: { readonly readUnitsPerSecond?: number; readonly writeUnitsPerSecond?: number };
  /** Capacity that is paid by the hour and follows the load, instead of by request. @default - by request */
  readonly provisioned?: ProvisionedCapacity;
}

/** Capacity by the hour, within bounds. */
export interface ProvisionedCapacity {
  readonly readUnits: Bounds;
  readonly writeUnits: Bounds;
  /** Percent of the capacity that is used when it is neither raised nor lowered, 20 to 90. @default 70 */
  readonly targetUtilization?: number;
}

/** The least and the most. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}
