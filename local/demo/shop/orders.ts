/** One order of the shop, moved to a recent time. */
export interface Order {
  readonly orderId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly quantity: number;
  readonly cents: number;
}

/** A line of the file of orders has another form. */
class UnreadableOrders extends Error {
  override readonly name = 'UnreadableOrders';
  readonly line: number;
  readonly text: string;

  constructor(line: number, text: string) {
    super(`line ${line} of the orders is "${text}"; wanted: a number, a customer, yyyymmdd, a quantity and an amount`);
    this.line = line;
    this.text = text;
  }
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const columns = /^\s*\d+\s+(\d+)\s+(\d{4})(\d{2})(\d{2})\s+(\d+)\s+(\d+)\.(\d{2})\s*$/;

/**
 * The orders of each customer in the order of time. The last order of all moves to the day before `now`. The file has
 * days and no times, so a customer's orders of one day start at 9 o'clock and are 45 minutes apart.
 */
export function recentOrders(file: string, now: Date): Map<string, Order[]> {
  const rows = file
    .split('\n')
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '')
    .map(parseRow);
  const lastDay = Math.max(...rows.map((row) => row.day));
  const yesterday = Math.floor(now.getTime() / day) * day - day;
  const byCustomer = Map.groupBy(rows, ({ customer }) => customer);
  return new Map([...byCustomer].map(([customer, own]) => [customer, ordersOf(own, yesterday - lastDay)]));
}

interface Row {
  readonly line: number;
  readonly customer: string;
  /** Midnight, milliseconds since 1970. */
  readonly day: number;
  readonly quantity: number;
  readonly cents: number;
}

function parseRow({ text, line }: { text: string; line: number }): Row {
  const [, customer, year, month, date, quantity, dollars, cents] = columns.exec(text) ?? [];
  if (customer === undefined) throw new UnreadableOrders(line, text);
  return {
    line,
    customer,
    day: Date.UTC(Number(year), Number(month) - 1, Number(date)),
    quantity: Number(quantity),
    cents: Number(dollars) * 100 + Number(cents),
  };
}

function ordersOf(rows: readonly Row[], moved: number): Order[] {
  const sorted = [...rows].sort((a, b) => a.day - b.day || a.line - b.line);
  return sorted.map((row, index) => {
    const earlierThatDay = sorted.slice(0, index).filter((other) => other.day === row.day).length;
    const at = row.day + moved + 9 * hour + earlierThatDay * 45 * minute;
    return { orderId: `order-${String(row.line).padStart(5, '0')}`, at, quantity: row.quantity, cents: row.cents };
  });
}
