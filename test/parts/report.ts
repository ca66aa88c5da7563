import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestFile } from './part.ts';

/** What became of a part's tests. */
interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly files: readonly TestFile[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly { readonly status: string }[];
}

/** Reads what vitest reports as JSON and pytest as XML. Without a report nothing passed. */
export function readReport(file: string): Report {
  try {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.xml') ? ofPytest(text) : ofVitest(JSON.parse(text));
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 0, files: [] };
  }
}

const ofVitest = ({ numPassedTests, numFailedTests, testResults }: VitestReport): Report => ({
  passed: numPassedTests,
  failed: numFailedTests,
  files: testResults.map(({ name, status, startTime, endTime, assertionResults }) => {
    const ended = (how: string) => assertionResults.filter((result) => result.status === how).length;
    return {
      file: relative('.', name),
      seconds: (endTime - startTime) / 1000,
      passed: ended('passed'),
      failed: status === 'failed' ? Math.max(1, ended('failed')) : 0,
    };
  }),
});

/** A test that was skipped has not passed. */
function ofPytest(xml: string): Report {
  const count = (attribute: string) =>
    Number(xml.match(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`))?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('skipped');
  return { passed: count('tests') - failed, failed, files: filesOfPytest(xml) };
}

const pytestCase = /<testcase classname="([^"]*)"[^>]*\btime="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs;

function filesOfPytest(xml: string): TestFile[] {
  const files = new Map<string, TestFile>();
  for (const [, module = '', time, ended = ''] of xml.matchAll(pytestCase)) {
    const file = `${module.replace(/\.[A-Z]\w*$/, '').replaceAll('.', '/')}.py`;
    const known = files.get(file) ?? { file, seconds: 0, passed: 0, failed: 0 };
    const failed = /<(failure|error|skipped)\b/.test(ended) ? 1 : 0;
    files.set(file, {
      file,
      seconds: known.seconds + Number(time),
      passed: known.passed + 1 - failed,
      failed: known.failed + failed,
    });
  }
  return [...files.values()];
}
