/** Reads a pixel's event from its query: `data` as base64 of JSON, or plain dotted parameters such as `properties.subject`. */
export function readPixel(rawQuery: string): unknown {
  const query = new URLSearchParams(rawQuery);
  const data = query.get('data');
  return data === null ? fromParameters(query) : fromBase64(data);
}

function fromBase64(data: string): unknown {
  try {
    return JSON.parse(data.startsWith('{') ? data : Buffer.from(data.replaceAll(' ', '+'), 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fromParameters(query: URLSearchParams): unknown {
  const event = new Map<string, unknown>();
  for (const [name, value] of query) {
    const [field = '', ...path] = name.split('.');
    if (path.length === 0) event.set(field, value);
    else event.set(field, { ...(event.get(field) as object | undefined), [path.join('.')]: value });
  }
  return Object.fromEntries(event);
}
