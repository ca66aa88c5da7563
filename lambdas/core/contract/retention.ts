import * as z from 'zod';

const Days = z.number().min(1);

/** Days for which a deployment keeps what goes by itself, by the prop that sets them. */
export const Retention = z.strictObject({
  recoveryWindow: Days.default(14),
  rawRetention: Days.default(21),
  eventRetention: Days.default(1),
  logRetention: Days.default(14),
});
export type Retention = z.infer<typeof Retention>;

/** Reads the times of a deployment, as it says them to functions and in its outputs. */
export const keptIn = (text: string): Retention => Retention.parse(JSON.parse(text));

/** What a deployment keeps that sets nothing. */
export const defaultRetention: Retention = Retention.parse({});
