import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders with code, their numbers of files and their imports. */
export interface Rooms {
  readonly files: ReadonlyMap<string, number>;
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Files that a file imports, by their paths from the root. */
function importedBy(file: string, source: string): string[] {
  if (file.endsWith('.py'))
    return [...source.matchAll(/^\s*from (cdp[\w.]*) import/gm)].map(
      ([, name = '']) => `glue-scripts/${name.replaceAll('.', '/')}.py`,
    );
  return [...source.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path));
}

/** The rooms of files, and the arrows between them. */
export function roomsOf(files: readonly string[]): Rooms {
  const counts = new Map<string, number>();
  const imports = new Map<string, Set<string>>();
  for (const file of files) {
    const room = dirname(file);
    counts.set(room, (counts.get(room) ?? 0) + 1);
    const others = imports.get(room) ?? new Set<string>();
    imports.set(room, others);
    for (const imported of importedBy(file, readFileSync(file, 'utf8')))
      if (dirname(imported) !== room) others.add(dirname(imported));
  }
  return { files: counts, imports };
}

/** Arrows that do not follow from others: omits A to C if A leads to B and B to C. */
export function directArrows(imports: Rooms['imports']): [string, string][] {
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    [...(imports.get(from) ?? [])].some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return [...imports].flatMap(([from, others]) =>
    [...others]
      .filter((to) => ![...others].some((by) => by !== to && reaches(by, to, new Set([from]))))
      .map((to): [string, string] => [from, to]),
  );
}
