/** An item as the document client gives and takes it. */
export type Item = Readonly<Record<string, unknown>>;

/** A condition with its substitutions, as in a DynamoDB request. */
export interface Conditional {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

type Test = (item: Item | undefined, conditional: Conditional) => boolean;

/** Tests by their text: few are used, each of them often. */
const known = new Map<string, Test>();

/**
 * Whether a condition holds of the item that is stored, or of none. @throws Error on grammar that nobody used so far
 */
export function conditionHolds(conditional: Conditional, item: Item | undefined): boolean {
  const { ConditionExpression: text } = conditional;
  return text === undefined || testOf(text)(item, conditional);
}

function testOf(text: string): Test {
  const test = known.get(text) ?? new Parser(text).whole();
  known.set(text, test);
  return test;
}

const tokensOf = (text: string): string[] => text.match(/<>|<=|>=|[=<>(),]|[#:]?[\w.]+/g) ?? [];

/** Recursive descent over OR, AND, NOT, parentheses, comparisons and the two existence functions. */
class Parser {
  private at = 0;

  private readonly tokens: readonly string[];

  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  whole(): Test {
    const test = this.disjunction();
    if (this.at < this.tokens.length) throw new Error(`unexpected ${this.tokens[this.at]} in ${this.text}`);
    return test;
  }

  private disjunction(): Test {
    const [first, ...rest] = this.separated('OR', () => this.conjunction());
    return (...it) => [first, ...rest].some((test) => test?.(...it));
  }

  private conjunction(): Test {
    const tests = this.separated('AND', () => this.term());
    return (...it) => tests.every((test) => test(...it));
  }

  private separated(word: string, part: () => Test): Test[] {
    const parts = [part()];
    while (this.tokens[this.at]?.toUpperCase() === word) {
      this.at += 1;
      parts.push(part());
    }
    return parts;
  }

  private term(): Test {
    const token = this.next();
    if (token.toUpperCase() === 'NOT') {
      const test = this.term();
      return (...it) => !test(...it);
    }
    if (token === '(') {
      const test = this.disjunction();
      this.expect(')');
      return test;
    }
    if (token === 'begins_with') return this.beginning();
    return token.startsWith('attribute_') ? this.existence(token) : this.comparison(token);
  }

  private beginning(): Test {
    this.expect('(');
    const value = this.next();
    this.expect(',');
    const start = this.next();
    this.expect(')');
    return (item, conditional) =>
      String(valueAt(value, item, conditional) ?? '').startsWith(String(valueAt(start, item, conditional)));
  }

  private existence(name: string): Test {
    this.expect('(');
    const attribute = this.next();
    this.expect(')');
    const wanted = name === 'attribute_exists';
    if (!wanted && name !== 'attribute_not_exists') throw new Error(`${name} is not known here`);
    return (item, conditional) => (item?.[nameOf(attribute, conditional)] !== undefined) === wanted;
  }

  private comparison(left: string): Test {
    const operator = this.next();
    const right = this.next();
    if (operator.toUpperCase() === 'BETWEEN') return this.range(left, right);
    const compare = comparisons[operator];
    if (compare === undefined) throw new Error(`${operator} is not known here`);
    return (item, conditional) => {
      const [a, b] = [valueAt(left, item, conditional), valueAt(right, item, conditional)];
      // DynamoDB's comparisons with a missing attribute, or between types, are false; only <> is true.
      return typeof a === typeof b && a !== undefined ? compare(a as number, b as number) : operator === '<>';
    };
  }

  private range(value: string, low: string): Test {
    this.expect('AND');
    const high = this.next();
    return (item, conditional) => {
      const [a, from, to] = [value, low, high].map((token) => valueAt(token, item, conditional) as number);
      return typeof a === typeof from && a !== undefined && (from ?? a) <= a && a <= (to ?? a);
    };
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error(`${this.text} ends too soon`);
    return token;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new Error(`expected ${token}, found ${found}`);
  }
}

function valueAt(token: string, item: Item | undefined, conditional: Conditional): unknown {
  return token.startsWith(':') ? conditional.ExpressionAttributeValues?.[token] : item?.[nameOf(token, conditional)];
}

const nameOf = (token: string, { ExpressionAttributeNames: names }: Conditional): string =>
  token.startsWith('#') ? (names?.[token] ?? token) : token;

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
