// All rewrites together on Dockerfiles that nobody would write: what they make can be looked at again, and they find nothing
// more to do in it.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { evidenceFor } from './evidence-for.ts';
import { lookAt, propose, REWRITES } from './index.ts';
import type { RewriteExample } from './rewrite.ts';
import { secondRun } from './second-run.ts';

const CONTEXT = {
  ...{ 'package.json': 90, 'package-lock.json': 9000, 'requirements.txt': 40, 'go.mod': 40, 'go.sum': 400 },
  ...{ 'src/a.js': 900, 'src/b.js': 900, 'README.md': 900, 'assets/a.png': 4_000_000 },
  ...{ 'packages/a/package.json': 90, 'packages/b/package.json': 90, 'packages/b/b.js': 90 },
};
const FILES = Object.keys(CONTEXT);

const LINES = [
  ...['COPY . .', 'COPY src src/', 'COPY package*.json ./', 'COPY --chown=1:1 . /app/', 'ADD src /srv/src'],
  ...['COPY --exclude=assets/* . .', 'COPY --from=0 /app /app', 'COPY assets /usr/share/nginx/html/'],
  ...['RUN npm ci', 'RUN npm ci && npm run build', 'RUN set -ex; npm ci; npm run build', 'RUN make'],
  ...[
    'RUN pip install -r requirements.txt',
    'RUN npm ci && npm cache clean --force',
    'RUN go build -o /out .',
    'RUN cargo build --release',
  ],
  ...[
    'RUN apt-get update',
    'RUN apt-get install -y curl',
    'RUN apt-get update && apt-get install -y curl && rm -rf /x',
  ],
  ...[
    'RUN wget -O /tmp/a.tgz https://example.com/a.tgz',
    'RUN tar xzf /tmp/a.tgz -C /opt',
    'RUN rm /tmp/a.tgz',
    'COPY assets/a.png /tmp/a.tgz',
    'RUN unzip /tmp/a.tgz && rm /tmp/a.tgz',
  ],
  ...['RUN chown -R 1:1 /app', 'RUN useradd app', 'RUN --mount=type=cache,target=/root/.npm npm ci'],
  ...['WORKDIR /app', 'WORKDIR /app/packages', 'USER app', 'EXPOSE 80', 'CMD node src/a.js', 'MAINTAINER me'],
  ...[
    'ENV NODE_ENV=production',
    'ENV A=$GIT_SHA',
    'ARG GIT_SHA',
    'ARG BUILD_DATE',
    'LABEL rev=$GIT_SHA',
    'LABEL a=b',
  ],
  ...['# a remark', '', 'SHELL ["/bin/bash", "-c"]', 'VOLUME /data', 'ONBUILD RUN make'],
];

const STEP = fc.record({
  seconds: fc.constantFrom(0.03, 0.4, 5, 40),
  removes: fc.boolean(),
  reads: fc.option(fc.subarray(FILES), { nil: undefined }),
  layer: fc.subarray(
    [
      'app/node_modules/x/x.js',
      'root/.npm/_cacache/x',
      'tmp/a.tgz',
      'var/lib/apt/lists/x',
      'etc/passwd',
      'app/src/a.js',
    ],
    { maxLength: 3 },
  ),
});

const EXAMPLE = fc
  .record({
    head: fc.constantFrom('', '# syntax=docker/dockerfile:1\n', '# syntax=docker/dockerfile:1.7\n'),
    stages: fc.array(fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 9 }), {
      minLength: 1,
      maxLength: 2,
    }),
    steps: fc.array(STEP, { minLength: 30, maxLength: 30 }),
    commits: fc.array(fc.subarray(FILES, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
    ignoreFile: fc.constantFrom(undefined, 'README.md\n'),
  })
  .map(({ head, stages, steps, commits, ignoreFile }): Omit<RewriteExample, 'after'> => {
    const before = `${head}${stages.map((lines) => `FROM base\n${lines.join('\n')}\n`).join('')}`;
    const lines = before.split('\n');
    const byLine = lines.map((_, i) => {
      const { seconds, reads, layer, removes } = steps[i % steps.length]!;
      const files: Record<string, number | { readonly type: 'whiteout' }> = Object.fromEntries(
        layer.map((path) => [path, 3_000_000]),
      );
      // What is copied of the context is what lies there.
      const made = /^(RUN|COPY --from)/.test(lines[i]!) ? files : {};
      if (removes && lines[i]?.includes('rm /tmp/a.tgz')) files['tmp/a.tgz'] = { type: 'whiteout' };
      return [i + 1, { seconds, layer: made, ...(reads ? { reads } : {}) }] as const;
    });
    return {
      ...{ before, context: CONTEXT, steps: Object.fromEntries(byLine), commits },
      ...(ignoreFile === undefined ? {} : { ignoreFile }),
    };
  });

/** Otherwise always the same few: what many would find is no accident of somebody's day. */
const LONG = process.env.MILLE_LONG_TESTS !== undefined;

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    return undefined;
  }
}

test('what was rewritten is not rewritten again', () => {
  fc.assert(
    fc.property(EXAMPLE, fc.constantFrom('size', 'rebuild', 'both'), (example, goal) => {
      const made = attempt(() => evidenceFor({ ...example, after: '' }, { goal }));
      // What does not build is not optimised.
      fc.pre(made !== undefined);
      const { draft, around } = made;
      const rewrites = REWRITES.filter((one) => goal === 'both' || one.goal === 'both' || one.goal === goal);
      const once = propose(draft, around, { rewrites });
      const again = propose(once.draft, around, { rewrites });
      const changes = again.applied.map(({ rewrite, proposal }) => `${rewrite.name}: ${proposal.title}`);
      expect({ text: once.draft.source.text, changes }).toEqual({
        text: again.draft.source.text,
        changes: [],
      });
      const second = secondRun(once.draft, around);
      const anew = propose(second.draft, second.around, { rewrites });
      expect({
        text: once.draft.source.text,
        changes: anew.applied.map(({ rewrite, proposal }) => `${rewrite.name}: ${proposal.title}`),
      }).toEqual({ text: anew.draft.source.text, changes: [] });
      const subject = lookAt(once.draft, around);
      for (const { remarks } of rewrites) remarks?.(subject);
    }),
    LONG ? { numRuns: 20_000 } : { numRuns: 40, seed: 1 },
  );
}, 30_000);
