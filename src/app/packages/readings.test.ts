import { expect, test } from 'bun:test';
import type { Entry, OpenedImage } from '../../oci/image/index.ts';
import { ReadingPlan, readerTools } from './readings.ts';

const file: Entry = { path: 'a', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 6, mtime: 0 };

/** An image of one layer of one file. */
function imageOf(content: string): OpenedImage {
  const read: OpenedImage['layers'][number]['read'] = async (visit) => {
    const visitor = visit(file);
    for (const part of content.match(/../g) ?? []) visitor?.data(new TextEncoder().encode(part));
    await visitor?.end?.();
  };
  return { layers: [{ read }] } as unknown as OpenedImage;
}

test('several get the content of one entry, as names of one file do', async () => {
  const plan = new ReadingPlan(1, await readerTools());
  const told: string[] = [];
  for (const name of ['first', 'second'])
    plan.whole(0, file, {
      limit: 10,
      done: (bytes) => void told.push(`${name} ${plan.tools.text(bytes)}`),
      tooLarge: () => {},
    });
  await plan.carryOut(imageOf('abcdef'), undefined);
  expect(told).toEqual(['first abcdef', 'second abcdef']);
});

test('what is too large is not read; who is interrupted reads no more', async () => {
  const plan = new ReadingPlan(1, await readerTools());
  let tooLarge = 0;
  plan.whole(0, file, { limit: 5, done: () => expect.unreachable(), tooLarge: () => void tooLarge++ });
  await plan.carryOut(imageOf('abcdef'), undefined);
  expect(tooLarge).toBe(1);
  plan.whole(0, file, { limit: 6, done: () => expect.unreachable(), tooLarge: () => {} });
  await expect(plan.carryOut(imageOf('abcdef'), AbortSignal.abort())).rejects.toMatchObject({
    code: 'interrupted',
  });
});
