import * as z from 'zod';

/** A setting of a tool, as its own definition names and types it. */
const Setting = z.union([z.string(), z.number(), z.boolean()]);

/** One thing that a tool is asked to do, when, and with what. */
const Task = z.strictObject({
  /** Name of the action in the tool's page. */
  action: z.string().min(1),
  /** Condition over the event, in Segment's FQL. By default, the action's own. */
  when: z.string().min(1).optional(),
  /** Fields of the action, in Segment's mapping language; the others keep their defaults. */
  mapping: z.record(z.string(), z.unknown()).default({}),
  /** What a row means to an action that asks for it. */
  syncMode: z.enum(['add', 'update', 'upsert', 'delete', 'mirror']).optional(),
});

/** The fields of a destination that is a tool of the catalogue, beside those that all destinations have. */
export const CatalogueTool = z.strictObject({
  /** Name of the tool in the catalogue, e.g. `braze`. */
  tool: z.string().min(1),
  /** The tool's settings that are no secrets, as its page names them. */
  settings: z.record(z.string(), Setting).default({}),
  /** Settings of the lists that are made in the tool, one list for each segment, as its page names them. */
  audience: z.record(z.string(), Setting).default({}),
  /** Ids of lists that the tool already has, by the key of the segment: no list is made for these. */
  lists: z.record(z.string(), z.string().min(1)).default({}),
  /** Call by which the tool is told. By default, what its presets accept. */
  tell: z.enum(['track', 'identify']).optional(),
  /** What the tool is asked to do. By default, its presets. */
  actions: z.array(Task).min(1).optional(),
});
export type CatalogueTool = z.infer<typeof CatalogueTool>;
export type Task = z.infer<typeof Task>;
