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
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
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
  files: testResults.map(({ name, startTime, endTime }) => ({
    file: relative('.', name),
    seconds: (endTime - startTime) / 1000,
  })),
});

/** A test that was skipped has not passed. */
function ofPytest(xml: string): Report {
  const count = (attribute: string) =>
    Number(xml.match(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`))?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('skipped');
  const seconds = new Map<string, number>();
  for (const [, module = '', time] of xml.matchAll(/<testcase classname="([^"]*)"[^>]*\btime="([^"]*)"/g)) {
    const file = `${module.replace(/\.[A-Z]\w*$/, '').replaceAll('.', '/')}.py`;
    seconds.set(file, (seconds.get(file) ?? 0) + Number(time));
  }
  return {
    passed: count('tests') - failed,
    failed,
    files: [...seconds].map(([file, time]) => ({ file, seconds: time })),
  };
}
