import { Misused } from '../terminal/command.ts';
import type { Line } from './csv-rows.ts';

/** Characters from which on a line is none: a file that is no text may have no line break at all. */
const longestLine = 1_000_000;

/** Lines of a file of UTF-8, or of UTF-16 with its mark, with their numbers. @throws Misused where a line has no end */
export async function* linesIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let line = 0;
  let rest = '';
  for await (const text of decoded(bytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) yield { line: ++line, text: each.replace(/\r$/, '') };
    if (rest.length > longestLine)
      throw new Misused(`line ${line + 1} of the file has more than ${longestLine.toLocaleString('en')} characters`);
  }
  if (rest !== '') yield { line: line + 1, text: rest.replace(/\r$/, '') };
}

/** Marks at the beginning of a file that tell its encoding. */
const marks = [
  { encoding: 'utf-16le', mark: [0xff, 0xfe] },
  { encoding: 'utf-16be', mark: [0xfe, 0xff] },
] as const;

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    decoder ??= decoderOf(chunk);
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

/** It takes a mark off, too. */
function decoderOf(begin: Uint8Array): TextDecoder {
  const found = marks.find(({ mark }) => mark.every((byte, n) => begin[n] === byte));
  return new TextDecoder(found?.encoding ?? 'utf-8');
}
