/** An expected number and the measured one. */
export interface Count {
  readonly what: string;
  readonly where: string;
  readonly expected: number;
  readonly measured: number;
}
