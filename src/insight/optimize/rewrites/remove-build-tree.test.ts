import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { removeBuildTree } from './remove-build-tree.ts';

const LAYER = {
  src: { type: 'dir' },
  'src/x': { type: 'dir' },
  'src/x/a.o': 9_000_000,
  'usr/bin/x': 9,
} as const;
const RUN = 'tar xf x.tgz && cd src/x && make && make install';

function proposed(
  run: string,
  more: { layer?: object; below?: string; above?: string } = {},
): readonly string[] {
  const { layer = LAYER, below = '', above = '' } = more;
  const before = `FROM a\n${above}RUN ${run}\n${below}`;
  const line = 2 + above.split('\n').length - 1;
  const steps = { [line]: { layer } } as RewriteExample['steps'];
  const { draft, around } = evidenceFor({
    before,
    after: '',
    ...(steps ? { steps } : {}),
    context: { 'src/b': 1 },
  });
  return propose(draft, around, { rewrites: [removeBuildTree] }).applied.flatMap(({ proposal }) =>
    proposal.edits.map(({ text }) => text.trim()),
  );
}

test('what was unpacked and built goes, from the topmost directory on that was not there', () => {
  expect(proposed(RUN)).toEqual(['&& rm -rf /src']);
  expect(proposed('cmake -B out && cmake --build out && cmake --install out')).toEqual(['&& rm -rf /src']);
  // There was a directory before.
  expect(proposed(RUN, { above: 'COPY src /src\n' })).toEqual(['&& rm -rf /src/x']);
});

test('it stays where it is not known to be of no use', () => {
  expect(proposed('make')).toEqual([]);
  expect(proposed(RUN, { layer: { 'src/x/main.c': 9_000_000, 'usr/bin/x': 9 } })).toEqual([]);
  expect(proposed(RUN, { layer: { 'src/x/a.o': 9_000_000 } })).toEqual([]);
  expect(proposed('./configure --prefix=/src && make install')).toEqual([]);
  expect(proposed(RUN, { below: 'RUN /src/x/test\n' })).toEqual([]);
  expect(proposed(RUN, { below: 'ENV X=/src/x\n' })).toEqual([]);
  expect(
    proposed(RUN, { layer: { ...LAYER, 'usr/lib/x': { type: 'symlink', link: '/src/x/lib' } } }),
  ).toEqual([]);
  expect(proposed(`${RUN} || true`)).toEqual([]);
  expect(proposed(RUN, { layer: { 'usr/x/a.o': 9_000_000, 'bin/x': 9 } })).toEqual([]);
});

test('object files among what was copied are told', () => {
  const before = 'FROM a\nCOPY src /src\nRUN make -C /src\n';
  const steps = { 3: { layer: { 'src/a.o': 900_000, 'src/lib/b.o': 300_000 } } };
  const { draft, around } = evidenceFor({ before, after: '', steps, context: { 'src/a.c': 1 } });
  expect(removeBuildTree.remarks!(lookAt(draft, around)).map(({ what }) => what)).toEqual([
    '1.2MB of object files are in the image: 2 below /src',
  ]);
});
