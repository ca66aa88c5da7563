import { isFree } from '../../../local/processes/ports.ts';

/** Linux gives the ports from 32768 on to connections and to who asks for any port. */
const first = 10_000;
const end = 32_000;
/** Each process begins elsewhere, so that two that look at the same time find different ones. */
const perProcess = 16;
let next = process.pid * perProcess;

/**
 * Ports nobody listens on now, all different, and none that the system gives to somebody else before the caller
 * listens: who waits for a server by connecting to its port would otherwise meet a stranger, and disturb it.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > end - first) throw new Error(`fewer than ${count} ports from ${first} to ${end} are free`);
    const port = first + (next++ % (end - first));
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}
