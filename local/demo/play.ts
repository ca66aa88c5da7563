import type { TaskLine } from '../../bin/terminal/task-line.ts';
import { config } from '../../cdp.config.ts';
import type { PlatformOutputs } from '../platform/platform.ts';
import { distinct } from './findings/deliveries.ts';
import type { Measured } from './findings/findings.ts';
import { readLake, readRecords } from './findings/lake-tables.ts';
import { linesIn } from './findings/raw-zone.ts';
import type { Stores } from './findings/stores.ts';
import type { Truth } from './findings/truth.ts';
import { runJobs } from './jobs.ts';
import type { Script } from './shop/script.ts';
import { awaited, redelivery, sent } from './steps.ts';
import type { OpenSystems } from './systems/open.ts';

interface Play {
  readonly script: Script;
  readonly truth: Truth;
  readonly outputs: PlatformOutputs;
  readonly stores: Stores;
  readonly others: OpenSystems;
  readonly progress: TaskLine;
}

/** Sends phase after phase, waits before each one for the results that it needs, and at the end for all results. */
export async function playDemo({ script, truth, outputs, stores, others, progress }: Play): Promise<Measured> {
  const stitched = (phases: number, imported = 0) =>
    awaited(progress, {
      title: '  … events in profiles',
      wanted: (truth.messagesAfterPhase[phases - 1] ?? 0) + imported,
      read: stores.stitchedMessages,
    });
  const delivered = (title: string, wanted: number) =>
    awaited(progress, {
      title,
      wanted,
      read: async () =>
        distinct((await stores.deliveries()).filter(({ segment }) => truth.segmentMembers.has(segment))).size,
      patience: redelivery,
    });
  let accepted = 0;
  for (const [index, { title, after, requests }] of script.phases.entries()) {
    if (after === 'everything is in profiles') await stitched(index);
    if (after === 'entries are delivered') await delivered('  … deliveries of entries', truth.entries.size);
    accepted += await sent(title, requests, outputs, progress);
  }
  await stitched(script.phases.length);
  await delivered('  … deliveries of entries and exits', truth.entries.size + truth.exits.size);
  if (truth.audience !== undefined)
    await awaited(progress, {
      title: '  … deliveries to the advertising tool',
      wanted: truth.audience.told.size,
      read: async () => distinct(await stores.advertised()).size,
      patience: redelivery,
    });
  const played = await others.play(outputs, progress);
  await stitched(script.phases.length, truth.imported.messages);
  await awaited(progress, {
    title: '  … events in the lake',
    wanted: truth.sent + truth.imported.lines,
    read: async () => linesIn(await stores.rawZone()),
  });
  await runJobs(outputs, progress);
  const [lake, rawZone, profiles, deliveries, advertised, records] = await Promise.all([
    readLake(outputs, new Set(config.traits?.map(({ key }) => key))),
    stores.rawZone(),
    stores.profiles(),
    stores.deliveries(),
    stores.advertised(),
    truth.imported.lines === 0 ? new Map() : readRecords(outputs),
  ]);
  return { accepted, lake, rawZone, profiles, deliveries, advertised, systems: { ...played, records } };
}
