import { fieldsOf, isObject } from '../values/json.ts';
import { objectIn } from './misstated.ts';
import type { Purpose } from './purpose.ts';
import { saidIn } from './said-in.ts';
import { clausesOf, type Said } from './standing.ts';

/** The parts of an event that say where it may go. */
interface Sent {
  readonly context?: unknown;
  readonly integrations?: unknown;
}

/** Fields of `consent` that are signals, and not what a consent tool says. */
const signalFields: ReadonlySet<string> = new Set(['gpc', 'tcf', 'gpp', 'signals']);

/**
 * Whether an event's own consent lets it go to a destination that is used for some purposes: Segment's table of consent
 * and integrations objects. An event without consent goes everywhere, one that lacks a category does not go where the
 * category is needed, and an empty consent object goes nowhere if it has an integrations object. What the person said
 * elsewhere, and what silence means, is looked at when the event is sent.
 */
export function flowsByConsent({ context, integrations }: Sent, purposes: readonly Purpose[]): boolean {
  if (purposes.length === 0) return true;
  const consent = objectIn(fieldsOf(context).consent);
  if (consent === undefined || consent === null) return true;
  const entries = new Map(saidIn(context));
  const said: Said = (category) => entries.get(category);
  const hasPreferences = isObject(objectIn(fieldsOf(consent).categoryPreferences));
  const isSilent = isSilentConsent(consent, integrations);
  return purposes.every((purpose) => {
    const { groups, limits } = clausesOf(purpose);
    const [ofTool = [], ...ofStrings] = groups;
    if (limits.some((category) => said(category) === false)) return false;
    const stated = ofStrings.filter((group) => group.some((category) => said(category) !== undefined));
    const asked = hasPreferences ? [ofTool, ...stated] : stated;
    if (asked.length === 0) return isSilent;
    return asked.flat().every((category) => said(category) === true);
  });
}

/** Whether a consent object counts as none: it has only signals, or it is empty, and so is the integrations object. */
function isSilentConsent(consent: unknown, integrations: unknown): boolean {
  if (!isObject(consent)) return false;
  const fields = Object.keys(consent);
  if (fields.length === 0) return Object.keys(fieldsOf(integrations)).length === 0;
  return fields.every((field) => signalFields.has(field));
}
