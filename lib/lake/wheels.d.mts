/** What is written in `wheels.mjs`, which runs before TypeScript can. */
export interface PinnedWheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}
export declare const requirements: string;
export declare const wheelFolder: string;
export declare class WheelUnusable extends Error {}
export declare function pinnedWheels(): PinnedWheel[];
export declare function keptWheels(): Map<string, string>;
export declare function missingWheels(): PinnedWheel[];
export declare function fetchWheels(): Promise<void>;
