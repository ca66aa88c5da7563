import { readFileSync } from 'node:fs';
import { Event } from '../../../lambdas/core/events/event.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';

/**
 * The marks by which the stream knows messages, as JSON, of the events on stdin: `node
 * test/glue/cleaning/message-marks.ts`.
 */
const events = JSON.parse(readFileSync(0, 'utf8')) as unknown[];
console.log(JSON.stringify(events.map((event) => markOf(Event.parse(event)))));
