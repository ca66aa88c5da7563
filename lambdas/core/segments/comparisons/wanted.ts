import * as z from 'zod';
import { got } from '../../values/got.ts';
import { isObject } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';

/** What is told of a wrong value: what is wanted, and what there is; numbers are shown, texts may be anybody's. */
export const wanted =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    `must be ${what}; ${typeof input === 'number' ? `got ${input}` : got(input)}`;

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** An object with these fields and no others. */
export const closed = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has the unknown field ${quoted(issue.keys as string[])}; known here: ${quoted(Object.keys(shape))}`
        : wanted('an object')(issue),
  });

/** What is wrong with a value, and where in it. */
export interface Flaw {
  readonly path: readonly string[];
  readonly message: string;
}

/** A field that should have one of these words. */
export const unlike = (field: string, words: readonly string[], value: Record<string, unknown>): Flaw => ({
  path: [field],
  message: wanted(`one of ${quoted(words)}`)({ input: ownValue(value, field) }),
});

/** What a value is to be read as, told by the value itself. */
export type Pick = (value: Record<string, unknown>) => z.ZodType | Flaw;

/** Whether a form has a field; the steps of builders are none. */
export const isWritten = (form: object, field: string): boolean =>
  Object.prototype.propertyIsEnumerable.call(form, field);

/** Picks the schema of a value by the value itself, so that what is told is about the form that was meant. */
export const picked = <Form>(pick: Pick, what: string): z.ZodType<Form, Form> =>
  z.unknown().transform((value, context): Form => {
    const flaw = (path: readonly PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', path: [...path], message, input: value });
    const schema = isObject(value) ? pick(value) : { path: [], message: wanted(what)({ input: value }) };
    if (!(schema instanceof z.ZodType)) {
      flaw(schema.path, schema.message);
      return z.NEVER;
    }
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data as Form;
    for (const { path, message } of parsed.error.issues) flaw(path, message);
    return z.NEVER;
  }) as z.ZodType<Form, Form>;
