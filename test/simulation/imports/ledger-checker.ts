import type { Change } from '../../fakes/memory-store.ts';

interface Counts {
  readonly rows: number;
  readonly sent: number;
  readonly quarantined: number;
  readonly untold: number;
}

/** An entry of the ledger, as it lies in the table. */
interface Entry {
  readonly sk: string;
  readonly state: string;
  readonly position: number;
  readonly version: number;
  readonly counts: Counts;
}

/** Looks at every state that the ledger ever is in. What it finds wrong is in `violations`. */
export class LedgerChecker {
  readonly violations: string[] = [];
  readonly entries = new Map<string, Entry>();

  onCommit(changes: readonly Change[]): void {
    for (const { key, after } of changes) {
      if (!key.startsWith('import#') || key.startsWith('import#pace')) continue;
      const [before, now] = [this.entries.get(key), after as unknown as Entry];
      this.entries.set(key, now);
      this.demand(now.version === (before?.version ?? 0) + 1, `${key} went from version ${before?.version} on`);
      this.demand(before?.state !== 'done', `${key} was done and is worked on again`);
      this.demand(now.position >= (before?.position ?? 0), `${key} went back to line ${now.position}`);
      if (!now.sk.startsWith('piece#')) continue;
      const { rows, sent, quarantined, untold } = now.counts;
      this.demand(rows === now.position, `${key} counts ${rows} rows at line ${now.position}`);
      this.demand(rows === sent + quarantined + untold, `${key} counts rows that are neither sent nor in quarantine`);
    }
  }

  /** Sums of all pieces. */
  counted(): Pick<Counts, 'sent' | 'quarantined'> {
    const pieces = [...this.entries.values()].filter(({ sk }) => sk.startsWith('piece#'));
    const sum = (of: 'sent' | 'quarantined') => pieces.reduce((all, { counts }) => all + counts[of], 0);
    return { sent: sum('sent'), quarantined: sum('quarantined') };
  }

  private demand(holds: boolean, otherwise: string): void {
    if (!holds) this.violations.push(otherwise);
  }
}
