import { readJson } from '../../core/values/json.ts';

/**
 * Reads a pixel's event from its query: `data` with JSON in base64, or dotted parameters such as `properties.subject`.
 */
export function readPixel(rawQuery: string): unknown {
  const query = new URLSearchParams(rawQuery);
  const data = query.get('data');
  return data === null ? fromParameters(query) : fromBase64(data);
}

/** In a query, the "+" of base64 becomes a space. */
function fromBase64(data: string): unknown {
  try {
    return readJson(data.startsWith('{') ? data : Buffer.from(data.replaceAll(' ', '+'), 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Builds the event as a JSON parser does, so that a name such as `__proto__` is only a name. */
function fromParameters(query: URLSearchParams): unknown {
  const event: Branch = new Map();
  for (const [name, value] of query) plant(event, pathOf(name), value);
  return toObject(event);
}

/** Levels beyond the tenth stay in one name. No event has as many. */
function pathOf(name: string): readonly string[] {
  const parts = name.split('.');
  return [...parts.slice(0, 9), ...(parts.length > 9 ? [parts.slice(9).join('.')] : [])];
}

type Branch = Map<string, string | Branch>;

function plant(branch: Branch, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const next = branch.get(name);
  const child: Branch = next instanceof Map ? next : new Map();
  branch.set(name, child);
  plant(child, rest, value);
}

const toObject = (branch: Branch): object =>
  Object.fromEntries([...branch].map(([name, value]) => [name, typeof value === 'string' ? value : toObject(value)]));
