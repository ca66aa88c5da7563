import type { TaskLine } from '../../../bin/terminal/task-line.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import type { MeasuredSystems } from '../findings/systems.ts';
import type { Systems } from '../shop/systems.ts';
import { dropExport } from './crm.ts';
import { postPayments } from './payments.ts';
import { pullWarehouse, type Warehouse } from './warehouse.ts';

/** What the systems were answered, before the lake is asked. */
export type Played = Omit<MeasuredSystems, 'records'>;

/** Lets the shop's other systems say what they hold, one after the other. @throws SystemFailed, JobFailed */
export async function playSystems(
  outputs: PlatformOutputs,
  { crm, payments }: Systems,
  warehouse: Warehouse | undefined,
  progress: TaskLine,
): Promise<Played> {
  const step = async <Done>(title: string, work: () => Promise<Done>, told: (done: Done) => string) => {
    progress.start(title);
    const done = await work();
    progress.finish(told(done));
    return done;
  };
  const drop = (title: string, file: string, csv: string) =>
    step(
      title,
      () => dropExport(outputs, file, csv),
      ({ rows, bad }) => `${rows} rows, ${bad} of them in quarantine`,
    );
  const posted =
    payments &&
    (await step(
      'The payment provider posts signed events',
      () => postPayments(outputs, payments, (done) => progress.show(done, payments.length + 2)),
      ({ accepted, refused }) => `${accepted} accepted, ${refused} forged and refused`,
    ));
  const first = crm && (await drop('The CRM exports its contacts', 'monday.csv', crm.first.csv));
  if (warehouse !== undefined)
    await step(
      "The warehouse's PostgreSQL is read",
      () => pullWarehouse(outputs, warehouse),
      () => 'done',
    );
  if (crm !== undefined) await drop('The CRM exports them again, with few changes', 'tuesday.csv', crm.second.csv);
  const { rows, bad } = first ?? { rows: 0, bad: 0 };
  return { rows, bad, accepted: posted?.accepted ?? 0, refused: posted?.refused ?? 0 };
}
