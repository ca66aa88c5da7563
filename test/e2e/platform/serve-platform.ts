import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { startTestPlatform } from './test-platform.ts';

// A platform that several parts of a run of all tests share: it is there once the file says so, and until standard
// input ends.
const [file = ''] = process.argv.slice(2);
const platform = await startTestPlatform('.local/test/platform');
writeFileSync(file, JSON.stringify(platform.given));
await once(process.stdin.resume(), 'end');
await platform.stop();
process.exit();
