import { isObject } from '../values/json.ts';
import { ownValue } from '../values/own-value.ts';
import { escaped, shown } from './html-text.ts';
import type { AccessReport } from './report.ts';

/** The headings of Article 15, and what of the report stands below each. */
const headings: readonly (readonly [article: string, heading: string, parts: readonly (keyof AccessReport)[]])[] = [
  ['15(1)(a)', 'Purposes of the processing', ['purposes']],
  ['15(1)(b)', 'Categories of personal data', ['categories']],
  ['15(1)(c)', 'Recipients', ['recipients']],
  ['15(1)(d)', 'How long it is stored', ['retention']],
  ['15(1)(e)', 'Your rights', ['rights']],
  ['15(1)(f)', 'Your right to complain', ['complaint']],
  ['15(1)(g)', 'Where the data came from', ['sources']],
  ['15(1)(h)', 'Automated decisions and their logic', ['segments', 'computedTraits']],
  ['15(3)', 'A copy of your data', ['people', 'events']],
];

/** Fields whose values somebody sent: their names are no words of the report. */
const sentFields = new Set(['value', 'campaign', 'properties', 'traits', 'context', 'derived', 'sent']);

/** The report as one page without script and without links, which shows every value of it as text. */
export const accessPage = (report: AccessReport): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="robots" content="noindex"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>What is stored about you</title><style>${style}</style></head><body>`,
    '<h1>What is stored about you</h1>',
    fieldsHtml({ request: report.request, writtenAt: report.writtenAt, version: report.version }),
    ...headings.map(([article, heading, parts]) => {
      const texts = parts.map((part) => {
        const title = parts.length > 1 ? `<h3>${escaped(words(part))}</h3>` : '';
        return title + valueHtml(part, ownValue<unknown>(report, part));
      });
      return `<section><h2>${escaped(heading)} <small>Article ${article}</small></h2>${texts.join('\n')}</section>`;
    }),
    `<section><h2>What this report does not have</h2>${valueHtml('limits', report.limits)}</section>`,
    '</body></html>',
    '',
  ].join('\n');

/** `firstSeen` as a person writes it. */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function valueHtml(name: string, value: unknown): string {
  // Traits of a person are a list of statements; those of an event are what somebody sent.
  if (sentFields.has(name) && !(name === 'traits' && Array.isArray(value))) return sentHtml(value);
  if (Array.isArray(value)) return listHtml(name, value);
  return isObject(value) ? fieldsHtml(value) : leafHtml(value);
}

const fieldsHtml = (fields: Readonly<Record<string, unknown>>): string =>
  `<dl>${Object.entries(fields)
    .map(([name, value]) => `<dt>${escaped(words(name))}</dt><dd>${valueHtml(name, value)}</dd>`)
    .join('')}</dl>`;

/** Records below each other; those that hold others each for itself. */
function listHtml(name: string, values: readonly unknown[]): string {
  if (values.length === 0) return '<p>none</p>';
  const records = values.filter(isObject);
  if (records.length < values.length) return sentHtml(values);
  if (name === 'people' || name === 'merged')
    return records.map((each) => `<article>${fieldsHtml(each)}</article>`).join('');
  const names = [...new Set(records.flatMap(Object.keys))];
  const rows = records.map(
    (record) => `<tr>${names.map((each) => `<td>${valueHtml(each, ownValue(record, each))}</td>`).join('')}</tr>`,
  );
  const head = names.map((each) => `<th scope="col">${escaped(words(each))}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

/** What somebody sent, as they named it. */
function sentHtml(value: unknown): string {
  if (Array.isArray(value)) return `<ul>${value.map((each) => `<li>${sentHtml(each)}</li>`).join('')}</ul>`;
  if (!isObject(value)) return leafHtml(value);
  return `<dl>${Object.entries(value)
    .map(([name, each]) => `<dt>${shown(name)}</dt><dd>${sentHtml(each)}</dd>`)
    .join('')}</dl>`;
}

function leafHtml(value: unknown): string {
  if (value === null || value === undefined) return '<i>none</i>';
  return shown(typeof value === 'string' ? value : JSON.stringify(value));
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}
td,dd,li{overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.2rem 0}
dt{font-weight:600}dd{margin:0;min-width:0}article{border-left:3px solid #bbb;padding-left:1rem}section{overflow-x:auto}
small{font-weight:400;color:#555}ul{margin:.2rem 0;padding-left:1.2rem}`;
