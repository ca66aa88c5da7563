import { type Filing, regulations, requestTypes } from '../../lambdas/core/privacy/request.ts';
import { type Asked, traitsInText } from '../../lambdas/operations/privacy/what-is-said.ts';
import { Misused, noneOf, onlyOne } from '../terminal/command.ts';

/** What the command is asked for. */
export type Wish =
  | { readonly kind: 'preview'; readonly people: readonly (readonly string[])[]; readonly asked?: Asked }
  | ({ readonly kind: 'file'; readonly people: readonly (readonly string[])[] } & Pick<
      Filing,
      'type' | 'regulation' | 'submittedAt' | 'purposes' | 'traits' | 'callbacks'
    >)
  | { readonly kind: 'list' }
  | { readonly kind: 'relist' }
  | { readonly kind: 'reapply'; readonly table: string }
  | { readonly kind: 'key' }
  | { readonly kind: 'verify'; readonly path: string }
  | { readonly kind: 'runOpen' }
  | { readonly kind: 'runFiledBy'; readonly source: string }
  | { readonly kind: 'show' | 'run' | 'cancel' | 'answer' | 'receipts'; readonly id: string }
  | { readonly kind: 'report'; readonly id: string; readonly to: string }
  | { readonly kind: 'settle'; readonly id: string; readonly store: string };

export interface WishOptions {
  readonly from?: string | undefined;
  readonly regulation: string;
  readonly asked?: string | undefined;
  readonly purpose?: readonly string[] | undefined;
  /** Addresses to call with each status. */
  readonly callback?: readonly string[] | undefined;
  /** A file of right values. */
  readonly traits?: string | undefined;
  readonly source?: string | undefined;
  readonly key?: string | undefined;
  readonly to?: string | undefined;
  readonly table?: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Reads what the command is asked for. @throws Misused */
export async function readWish(
  [verb, ...rest]: readonly string[],
  options: WishOptions,
  read: (path: string) => Promise<string>,
): Promise<Wish> {
  switch (verb) {
    case 'list':
      noneOf(rest);
      return { kind: 'list' };
    case 'relist':
      noneOf(rest);
      return { kind: 'relist' };
    case 'reapply':
      noneOf(rest);
      if (options.table === undefined) throw new Misused('say the restored or rebuilt table: --table <name>');
      return { kind: 'reapply', table: options.table };
    case 'key':
      noneOf(rest);
      return { kind: 'key' };
    case 'verify':
      return { kind: 'verify', path: onlyOne(rest, 'which file of receipts') };
    case 'settle': {
      const [id, ...store] = rest;
      if (id === undefined || store.length === 0) throw new Misused('which request, and which store: its name');
      return { kind: 'settle', id, store: store.join(' ') };
    }
    case 'report': {
      const id = onlyOne(rest, whichRequest);
      if (options.to === undefined) throw new Misused('say where to write the report: --to a folder');
      return { kind: 'report', id, to: options.to };
    }
    case 'show':
    case 'run':
    case 'cancel':
    case 'answer':
    case 'receipts':
      if (verb === 'run' && rest.length === 0) {
        const { source } = options;
        return source === undefined ? { kind: 'runOpen' } : { kind: 'runFiledBy', source };
      }
      return { kind: verb, id: onlyOne(rest, whichRequest) };
    case 'preview':
      return { kind: 'preview', people: await peopleIn(rest, options, read), ...(await previewed(options, read)) };
    case 'file': {
      const [type, ...identifiers] = rest;
      return {
        kind: 'file',
        type: oneOf('what the person asks for', requestTypes, type),
        ...(options.purpose !== undefined && { purposes: options.purpose }),
        ...(options.callback !== undefined && { callbacks: options.callback }),
        ...(options.traits !== undefined && { traits: await traitsIn(options.traits, read) }),
        regulation: oneOf('--regulation', regulations, options.regulation),
        submittedAt: timeIn(options.asked),
        people: await peopleIn(identifiers, options, read),
      };
    }
    default:
      throw new Misused(
        `say what to do: preview, file, list, show, run, report, answer, settle, receipts, verify, key, relist, reapply or cancel; got ${verb ?? 'nothing'}`,
      );
  }
}

const whichRequest = 'which request: its id, as npm run privacy -- list shows it';

/** What a preview shows besides the person: what an opt-out refuses, or what a rectification changes. */
async function previewed({ purpose, traits }: WishOptions, read: ReadText): Promise<{ readonly asked?: Asked }> {
  if (purpose !== undefined && traits !== undefined) throw new Misused('look at --purpose or at --traits, not at both');
  if (purpose !== undefined) return { asked: { type: 'opt_out', purposes: purpose } };
  return traits === undefined ? {} : { asked: { type: 'rectify', traits: await traitsIn(traits, read) } };
}

/** The right values of a file. The error quotes nothing of it. */
async function traitsIn(path: string, read: ReadText): Promise<Readonly<Record<string, unknown>>> {
  const traits = traitsInText(await read(path));
  if (traits !== undefined) return traits;
  throw new Misused('--traits must name a file of JSON, such as {"city": "Bonn", "nickname": null}');
}

type ReadText = (path: string) => Promise<string>;

/** One person of the arguments, or one of each line of a file. */
async function peopleIn(
  identifiers: readonly string[],
  { from }: WishOptions,
  read: (path: string) => Promise<string>,
): Promise<readonly (readonly string[])[]> {
  if (from === undefined) {
    if (identifiers.length === 0)
      throw new Misused('say whom: type:value, e.g. email:ann@example.com, or --from a file');
    return [identifiers];
  }
  if (identifiers.length > 0) throw new Misused('name people by arguments or by --from, not by both');
  const lines = (await read(from)).split(/\r?\n/).map((line) =>
    line
      .trim()
      .split(/\s+/)
      .filter((text) => text !== ''),
  );
  const people = lines.filter(({ length }) => length > 0);
  if (people.length === 0) throw new Misused(`${from} names nobody; it needs a line for each person`);
  return people;
}

function oneOf<Text extends string>(what: string, allowed: readonly Text[], given: string | undefined): Text {
  const found = allowed.find((text) => text === given);
  if (found === undefined) throw new Misused(`${what} must be one of ${allowed.join(', ')}; got ${given ?? 'nothing'}`);
  return found;
}

function timeIn(text: string | undefined): string {
  const time = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(time)) throw new Misused(`--asked must be a time of ISO 8601, such as 2026-01-31; got ${text}`);
  if (time > Date.now()) throw new Misused(`--asked must not be in the future; got ${text}`);
  return new Date(time).toISOString();
}
