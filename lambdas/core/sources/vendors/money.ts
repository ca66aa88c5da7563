import { isNumber, nearest } from '../../values/json.ts';

/** Currencies without a smaller unit, and those with a thousandth, as payment providers count them. */
const whole = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));
const thousandths = new Set('bhd jod kwd omr tnd'.split(' '));

/** An amount in the smallest unit of its currency becomes one in the currency: 1299 cents are 12.99. */
export function inCurrency(amount: unknown, currency: unknown): number | undefined {
  if (!isNumber(amount) || typeof currency !== 'string') return undefined;
  const code = currency.toLowerCase();
  if (whole.has(code)) return nearest(amount);
  return nearest(amount) / (thousandths.has(code) ? 1000 : 100);
}
