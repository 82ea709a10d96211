// Which cargo builds get `target` in a mount where the image has it in a layer.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { keepTarget } from './keep-target.ts';

const LAYER = Object.fromEntries(
  ['a', 'b', 'c'].map((name) => [`app/target/release/deps/lib${name}.rlib`, 9]),
);

function proposed(run: string, end = 'CMD ["hello"]') {
  const before = `FROM rust\nWORKDIR /app\nCOPY . .\n${run}\n${end}\n`;
  const steps = { 4: { seconds: 60, layer: LAYER } };
  const { draft, around } = evidenceFor({ before, after: '', context: { 'src/main.rs': 1 }, steps });
  return propose(draft, around, { rewrites: [keepTarget] }).applied.map(({ proposal }) => proposal);
}

const TAKEN: readonly string[] = [
  'RUN cargo build --release && cp target/release/hello /usr/local/bin/',
  'RUN cargo build --release; strip target/release/hello; mv ./target/release/hello /usr/bin/x',
  'RUN cargo build --release && install -m 755 /app/target/release/hello /usr/bin/',
  'RUN cargo install --locked --path .',
];
for (const run of TAKEN)
  test(run, () => {
    const [one, ...others] = proposed(run);
    expect(one?.edits.map(({ text }) => text)[0]).toBe(' --mount=type=cache,target=/app/target');
    expect(one?.allows).toEqual([{ what: 'files', change: 'removed', below: 'app/target' }]);
    expect(others).toEqual([]);
  });

const KEPT: readonly (readonly [string, string, string?])[] = [
  ['nothing is taken out of it', 'RUN cargo build --release'],
  ['only something else is taken', 'RUN cargo build && cp Cargo.toml /etc/'],
  ['it is removed', 'RUN cargo build && cp target/debug/hello /bin/ && rm -r target'],
  ['something goes into it', 'RUN cargo build && cp target/debug/hello target/hello'],
  ['another package is installed', 'RUN cargo install ripgrep'],
  ['it is built elsewhere', 'RUN cargo build --target-dir=/t && cp target/x /bin/'],
  [
    'containers run what is in it',
    'RUN cargo build && cp target/debug/hello /bin/',
    'CMD ["target/debug/hello"]',
  ],
  ['PATH has it', 'RUN cargo build && cp target/debug/hello /bin/', 'ENV PATH=/app/target/debug:$PATH'],
  ['a name is computed', 'RUN cargo build && cp target/debug/$NAME /bin/'],
];
for (const [why, run, end] of KEPT)
  test(`it stays where ${why}`, () => expect(proposed(run, end)).toEqual([]));
