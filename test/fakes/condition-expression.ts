/** An item as the document client gives and takes it. */
export type Item = Readonly<Record<string, unknown>>;

/** A condition with its substitutions, as in a DynamoDB request. */
export interface Conditional {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

type Test = (item: Item | undefined) => boolean;

/** Whether a condition holds of the item that is stored, or of none. @throws Error on grammar that nobody used so far */
export function conditionHolds(conditional: Conditional, item: Item | undefined): boolean {
  const { ConditionExpression: text } = conditional;
  return text === undefined || new Parser(tokensOf(text), conditional).whole()(item);
}

const tokensOf = (text: string): string[] => text.match(/<>|<=|>=|[=<>(),]|[#:]?[\w.]+/g) ?? [];

/** Recursive descent over OR, AND, NOT, parentheses, comparisons and the two existence functions. */
class Parser {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly conditional: Conditional,
  ) {}

  whole(): Test {
    const test = this.disjunction();
    if (this.at < this.tokens.length)
      throw new Error(`unexpected ${this.tokens[this.at]} in ${this.conditional.ConditionExpression}`);
    return test;
  }

  private disjunction(): Test {
    const [first, ...rest] = this.separated('OR', () => this.conjunction());
    return (item) => [first, ...rest].some((test) => test?.(item));
  }

  private conjunction(): Test {
    const tests = this.separated('AND', () => this.term());
    return (item) => tests.every((test) => test(item));
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
      return (item) => !test(item);
    }
    if (token === '(') {
      const test = this.disjunction();
      this.expect(')');
      return test;
    }
    return token.startsWith('attribute_') ? this.existence(token) : this.comparison(token);
  }

  private existence(name: string): Test {
    this.expect('(');
    const attribute = this.nameOf(this.next());
    this.expect(')');
    const wanted = name === 'attribute_exists';
    if (!wanted && name !== 'attribute_not_exists') throw new Error(`${name} is not known here`);
    return (item) => (item?.[attribute] !== undefined) === wanted;
  }

  private comparison(left: string): Test {
    const operator = this.next();
    const right = this.next();
    const compare = comparisons[operator];
    if (compare === undefined) throw new Error(`${operator} is not known here`);
    return (item) => {
      const [a, b] = [this.valueOf(left, item), this.valueOf(right, item)];
      // DynamoDB's comparisons with a missing attribute, or between types, are false; only <> is true.
      return typeof a === typeof b && a !== undefined ? compare(a as number, b as number) : operator === '<>';
    };
  }

  private valueOf(token: string, item: Item | undefined): unknown {
    return token.startsWith(':') ? this.conditional.ExpressionAttributeValues?.[token] : item?.[this.nameOf(token)];
  }

  private nameOf(token: string): string {
    return token.startsWith('#') ? (this.conditional.ExpressionAttributeNames?.[token] ?? token) : token;
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error(`${this.conditional.ConditionExpression} ends too soon`);
    return token;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new Error(`expected ${token}, found ${found}`);
  }
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
