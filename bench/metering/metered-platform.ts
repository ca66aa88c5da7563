import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { itemSize } from '../../test/fakes/item-size.ts';
import { type Bill, Meter } from './meter.ts';
import { meteredCollect } from './metered-collect.ts';
import { meteredDelivery } from './metered-delivery.ts';
import { meteredStitch, tableName } from './metered-stitch.ts';
import { meteredTend } from './metered-tend.ts';
import type { Window } from './trace.ts';

/** Processor time per event; measured where it is not given. */
export interface Seconds {
  readonly collect?: number;
  readonly stitch?: number;
  /** Per record with changes. */
  readonly publish?: number;
  /** Per thing that is told. */
  readonly deliver?: number;
}

/** What a trace cost, and what it was. */
export interface Costed {
  readonly events: number;
  /** Events per write of a profile. */
  readonly fold: number;
  /** Mean bytes of a profile written. */
  readonly profileBytes: number;
  readonly profiles: number;
  /** Profiles woken by the due index per million events. */
  readonly wakes: number;
  /** Changes of accounts that woke their people per million events, and how many people each woke. */
  readonly accountChanges: number;
  readonly toldByChange: number;
  readonly bill: Bill;
}

/** The whole platform in memory, its real functions over counting services. */
export class MeteredPlatform {
  private readonly meter = new Meter();
  private readonly collect: ReturnType<typeof meteredCollect>;
  private readonly stitch: ReturnType<typeof meteredStitch>;
  private readonly deliver: ReturnType<typeof meteredDelivery>;
  private readonly tend: ReturnType<typeof meteredTend>;
  private events = 0;
  private wakes = 0;
  private told = { changes: 0, people: 0 };
  private touches = 0;
  private touchedBytes = 0;

  constructor(config: CdpConfig, writeKey: string, seconds: Seconds = {}) {
    this.collect = meteredCollect(this.meter, config, writeKey, seconds.collect);
    this.stitch = meteredStitch(this.meter, config, seconds.stitch);
    this.deliver = meteredDelivery(this.meter, config, this.stitch.table, seconds);
    this.tend = meteredTend(this.meter, config, this.stitch.table);
  }

  /**
   * Wakes who is due before one window, and takes its requests all the way; its records are one batch of stitch.
   */
  async take(window: Window): Promise<void> {
    await this.wakeUntil(Math.min(...window.flat().map(({ timestamp }) => Date.parse(String(timestamp)))));
    const { written } = await this.stitch.batch(await this.collect(window));
    await this.deliver(written);
    const touched = written.filter(({ kind }) => kind === 'profile');
    this.events += window.flat().length;
    this.touches += touched.length;
    this.touchedBytes += touched.reduce((sum, row) => sum + itemSize(row), 0);
  }

  private async wakeUntil(until: number): Promise<void> {
    for (let tended = await this.tend(until); tended.written.length > 0; tended = await this.tend(until)) {
      const { written, told } = tended;
      this.wakes += written.length;
      this.told = { changes: this.told.changes + told.changes, people: this.told.people + told.people };
      await this.deliver(written);
    }
  }

  /** Forgets what was counted so far, and nothing else. */
  restart(): void {
    this.meter.clear();
    this.events = 0;
    this.wakes = 0;
    this.told = { changes: 0, people: 0 };
    this.touches = 0;
    this.touchedBytes = 0;
  }

  costed(): Costed {
    const { events, wakes, told, touches, touchedBytes } = this;
    const profiles = [...this.stitch.table.rows(tableName).values()].filter(({ kind }) => kind === 'profile').length;
    return {
      events,
      fold: events / touches,
      profileBytes: touchedBytes / touches,
      profiles,
      wakes: (wakes / events) * 1e6,
      accountChanges: (told.changes / events) * 1e6,
      toldByChange: told.changes === 0 ? 0 : told.people / told.changes,
      bill: this.meter.bill(events),
    };
  }
}
