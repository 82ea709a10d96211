import { expect, test } from 'bun:test';
import type { Entry } from '../../../oci/image/index.ts';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { ownerInCopy } from './owner-in-copy.ts';

const BIG = 900_000;
const CONTEXT = { 'app/a.js': BIG, 'app/b.js': 10 };

/** What becomes of a text. @param written what the RUN of a line writes */
function made(
  text: string,
  written: Readonly<Record<number, Readonly<Record<string, number | Partial<Entry>>>>>,
): string {
  const steps: RewriteExample['steps'] = Object.fromEntries(
    Object.entries(written).map(([line, layer]) => [line, { layer }]),
  );
  const { draft, around } = evidenceFor({ before: text, after: text, context: CONTEXT, steps });
  return propose(draft, around, { rewrites: [ownerInCopy] }).draft.source.text;
}

const owned = (size: number, uid = 1000): Partial<Entry> => ({ size, uid, gid: uid });

test('a COPY that brings other files too is left alone', () => {
  const text = 'FROM a\nCOPY app /app\nRUN chown 1000:1000 /app/a.js\n';
  expect(made(text, { 3: { 'app/a.js': owned(BIG) } })).toBe(text);
});

test('so is one of which not all becomes the same, and one that says already whose it is', () => {
  const text = 'FROM a\nCOPY app /app\nRUN chmod -R +x /app\n';
  const modes = { 'app/a.js': { size: BIG, mode: 0o755 }, 'app/b.js': { size: 10, mode: 0o700 } };
  expect(made(text, { 3: modes })).toBe(text);
  const told = 'FROM a\nCOPY --chown=2 app /app\nRUN chown -R 1000:1000 /app\n';
  expect(made(told, { 3: { 'app/a.js': owned(BIG), 'app/b.js': owned(10) } })).toBe(told);
});

test('files of the base stay with the chown', () => {
  const text = 'FROM a\nCOPY app /app\nRUN chown -R 1000:1000 /app\n';
  const all = { 'app/a.js': owned(BIG), 'app/b.js': owned(10), 'app/old.js': owned(5) };
  expect(made(text, { 3: all })).toBe(text);
});

test('a chown that something hangs on is left alone', () => {
  for (const command of [
    'chown -R 1000:1000 /app || true',
    'chown -R $USER /app',
    'cd / && chown -R 1000:1000 app',
  ]) {
    const text = `FROM a\nCOPY app /app\nRUN ${command}\n`;
    expect(made(text, { 3: { 'app/a.js': owned(BIG), 'app/b.js': owned(10) } })).toBe(text);
  }
});

test('what a RUN made as another user is not changed there', () => {
  const text = 'FROM a\nUSER 5\nRUN make\nUSER root\nRUN chown -R 1000:1000 /out\n';
  const steps = { 3: { 'out/a': BIG }, 5: { 'out/a': owned(BIG) } };
  expect(made(text, steps)).toBe(text);
});

test('little is left alone', () => {
  const text = 'FROM a\nCOPY app/b.js /b.js\nRUN chmod +x /b.js\n';
  expect(made(text, { 3: { 'b.js': { size: 10, mode: 0o755 } } })).toBe(text);
});
