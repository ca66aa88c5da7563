import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { recipes } from '../../../cdp.recipes.ts';
import { deedsOf } from '../../../local/demo/findings/deeds.ts';
import { storySenders } from '../clients/story-senders.ts';
import { newsAbout } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { unique } from '../platform/deployment.ts';
import { type RecipeStory, storiesDueAt } from './recipe-stories.ts';

/** Milliseconds until the windows run out: more than clients and a busy machine need until everybody has a profile. */
const soon = 60_000;
/** A minute until the start of a round, and what a busy machine takes. */
const onTime = 100_000;

it('the ten recipes: people enter and exit on time, by calls of real clients and by themselves, and each is told once', async () => {
  const turn = Date.now() + soon;
  const stories = storiesDueAt(turn);
  expect(new Set(stories.map(({ recipe }) => recipe))).toEqual(new Set(recipes.segments.map(({ key }) => key)));
  const followed = await Promise.all(stories.map((story, n) => follow(story, unique(`recipe-${n}`), n, turn)));
  console.log(followed.flat().join('\n'));
}, 300_000);

/** Plays a story and says how long after it was due each piece of news came. */
async function follow(story: RecipeStory, userId: string, n: number, turn: number): Promise<string[]> {
  const { recipe, enters, exits, did, ends } = story;
  const send = storySenders[n % storySenders.length] as (typeof storySenders)[number];
  const say = async (deeds: typeof did): Promise<number> => {
    const from = Date.now();
    await send(deeds.map((deed) => ({ ...deed, userId })));
    return from;
  };
  const news = async () => (await newsAbout(userId, recipe)).map(({ change }) => change);
  const sent = await say(did);
  const { profileId } = await eventually(() => profileOf(`user_id:${userId}`));
  if (recipe === 'win_back' && deedsOf([], profileId).isDrawn('win_back', 10)) return staysOut(userId, turn);
  const until = { within: Math.max(turn, Date.now()) - Date.now() + onTime, every: 500 };
  await eventually(async () => expect(await news(), `${recipe} ${enters}`).toContain('entered'), until);
  const ended = ends === undefined ? turn : await say(ends(Date.now()));
  await eventually(async () => expect(await news(), `${recipe} ${exits}`).toContain('exited'), until);
  const told = await newsAbout(userId, recipe);
  expect(told.map(({ change }) => change)).toEqual(['entered', 'exited']);
  expect(await profileOf(`user_id:${userId}`)).toMatchObject({ segments: expect.not.arrayContaining([recipe]) });
  const due = [enters === 'by itself' ? turn : sent, ended];
  return told.map(({ change, at }, index) => {
    const how = index === 0 ? enters : exits;
    const late = (at - (due[index] ?? 0)) / 1000;
    if (how === 'by itself') expect(late, `${recipe} ${change} before it was due`).toBeGreaterThanOrEqual(0);
    return `${recipe}: ${change} ${how}, told after ${late.toFixed(1)} s`;
  });
}

async function staysOut(userId: string, turn: number): Promise<string[]> {
  await wait(turn + onTime - Date.now());
  expect(await newsAbout(userId, 'win_back')).toEqual([]);
  return ['win_back: drawn, stays out'];
}
