// Optimises a directory with rewrites that no program has: wrong ones, which the proof has to find out. Run by tests as a
// process of its own, with `MILLE_ROOT`: names of rewrites, then the directory; the result is written as JSON.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optimize } from '../../src/app/optimize/optimize.ts';
import type { BuildOptions } from '../../src/app/types.ts';
import { MilleError } from '../../src/core/index.ts';
import { type Proposal, REWRITES, type Rewrite, type Subject } from '../../src/insight/optimize/index.ts';

/** One edit of the whole text. */
function rewrite(
  name: string,
  change: (text: string, subject: Subject) => string | undefined,
  more: Partial<Proposal> = {},
): Rewrite {
  return {
    ...({ name, goal: 'both', summary: name, page: '', examples: [] } as const),
    propose: (subject) => {
      const { source } = subject.lint.dockerfile;
      const after = change(source.text, subject);
      if (after === undefined || after === source.text) return [];
      const edits = [{ start: 0, end: source.text.length, text: after, source }];
      const told = { title: name, reason: 'a test', span: { source, start: 0, end: 1 } };
      return [{ ...told, edits, claim: {}, allows: [], ...more } as unknown as Proposal];
    },
  };
}

const replace = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const directory = process.argv.at(-1)!;

const WRONG: Readonly<Record<string, Rewrite>> = {
  /** Says nothing of what it changes. */
  silent: rewrite('silent', replace('/made', '/other')),
  /** Says less than it changes. */
  more: rewrite('more', replace(/XXX\n/, 'XXX && rm -r /cache /kept\n'), {
    allows: [{ what: 'files', change: 'removed', below: 'cache' }],
  }),
  honest: rewrite('honest', replace('echo 1 >/cache/x', 'true'), {
    allows: [{ what: 'files', change: 'removed', below: 'cache/*' }],
  }),
  /** What it says it changes, and a server that wants it where it was. */
  unserved: rewrite('unserved', replace('own /www/', 'own /other/'), {
    allows: [
      { what: 'files', change: 'removed', below: 'www' },
      { what: 'files', change: 'added', below: 'other' },
    ],
  }),
  config: rewrite('config', replace('ENV A=1', 'ENV A=2')),
  leaky: rewrite('leaky', (text) =>
    text.includes('id=pw,')
      ? undefined
      : `${text}RUN --mount=type=secret,id=pw,required cat /run/secrets/pw /context/.env; cut -d= -f2 /context/.env; exit 3\n`,
  ),
  offline: rewrite('offline', (text) =>
    text.includes('unreachable')
      ? undefined
      : `${text}RUN --mount=type=cache,target=/c echo x >>/c/count; wc -l </c/count; echo 'Network is unreachable' >&2; exit 1\n`,
  ),
  /** The network works the second time. */
  flaky: rewrite('flaky', (text) =>
    text.includes('resolving')
      ? undefined
      : `${text}RUN --mount=type=cache,target=/c test -e /c/was || { touch /c/was; echo 'Temporary failure resolving' >&2; exit 1; }\n`,
  ),
  /** Somebody saves the file while it is being proved. */
  edited: rewrite('edited', (text) => {
    writeFileSync(join(directory, 'Dockerfile'), `${text}# mine\n`);
    return replace('ADD own /own', 'ADD ./own /own')(text);
  }),
  'copy-not-add': REWRITES.find(({ name }) => name === 'copy-not-add')!,
};

const secrets = [{ id: 'pw', source: { kind: 'file', path: `${directory}/../password` } as const }];
const build: BuildOptions = {
  ...{ context: directory, tags: [], buildArgs: {}, noCache: false, network: 'default', labels: {} },
  ...{ platforms: [], outputs: [], reproducible: false, secrets },
};
const settings = { goal: 'both', only: [], skip: [], dry: false, checks: [], replay: 0 } as const;
const write = process.argv.includes('edited');
const rewrites = process.argv.slice(2, -1).map((name) => WRONG[name]!);
try {
  const signal = new AbortController().signal;
  const result = await optimize(build, { ...settings, write }, () => {}, signal, { rewrites });
  console.log(JSON.stringify(result));
} catch (error) {
  if (!(error instanceof MilleError)) throw error;
  console.log(JSON.stringify({ error: error.message, code: error.code }));
}
