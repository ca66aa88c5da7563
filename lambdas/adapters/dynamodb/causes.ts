import type { IdentityLogEntry } from '../../core/stitching/batch/identity-log.ts';
import type { ProfileWrite } from '../../core/stitching/profile-write.ts';

/** The cause of a merge that no entry tells. */
export const unknownCause = { messageId: '', at: '' };

function linkedOrAbsorbed({ kind, identifier, absorbed }: IdentityLogEntry): string | undefined {
  if (kind === 'link') return identifier;
  return kind === 'merge' ? absorbed : undefined;
}

/** The event that linked an identifier or absorbed a profile, and its time, for `explain`. */
export const causesOf = ({
  log,
}: ProfileWrite): Map<string, { readonly messageId: string; readonly at: string; readonly founds?: true }> =>
  new Map(
    log.flatMap((entry) => {
      const { messageId, at, founds } = entry;
      const subject = linkedOrAbsorbed(entry);
      return subject === undefined ? [] : [[subject, { messageId, at, ...(founds && { founds }) }]];
    }),
  );
