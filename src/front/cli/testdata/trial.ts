// Commands run against a recording stand-in for `app` and a process made of strings, for their tests.

import type { App, BaseExplanation, BuildOptions, RunOptions } from '../../../app/index.ts';
import { digestOfHex } from '../../../core/index.ts';
import { dispatch } from '../dispatch.ts';
import type { Host } from '../spec.ts';

/** What the stand-in gives for an image. */
export const imageId = digestOfHex('a'.repeat(64));
const explanation: BaseExplanation = {
  ...{ suite: 'debian:bookworm', profile: 'distroless', architecture: 'amd64', locked: false },
  packages: [
    {
      ...{ name: 'libx1', version: '1.2-3', architecture: 'amd64', reason: 'needed', chain: ['x', 'libx1'] },
      ...{ downloadBytes: 1000, installedBytes: 4000 },
    },
    {
      ...{ name: 'x', version: '1:2', architecture: 'all', reason: 'asked', chain: ['x'] },
      ...{ downloadBytes: 20, installedBytes: 300 },
    },
  ],
  omitted: [{ name: 'dpkg', why: 'package manager', installedBytes: 5000 }],
};
export const manifest = digestOfHex('b'.repeat(64));
/** What it says it has read. */
export const source = { name: 'Dockerfile', text: 'FROM scratch AS A\nCMD x\n' };

/** How a command line is run. */
export interface Trial {
  readonly env?: Record<string, string>;
  readonly terminal?: Partial<Host['terminal']>;
  readonly app?: Partial<App>;
  /** Interrupts as soon as somebody listens. */
  readonly interrupt?: boolean;
  /** Lines of standard input. */
  readonly lines?: readonly string[];
}

/** Runs a command line; gives what it wrote and its status. */
export async function trial(line: string, given: Trial = {}) {
  const { env = {}, terminal = {}, app = {}, interrupt = false } = given;
  const lines = [...(given.lines ?? [])];
  let out = '';
  let err = '';
  const calls: { build?: BuildOptions; run?: RunOptions; other?: unknown[] } = {};
  const stand = {
    build: async (options, events) => {
      calls.build = options;
      events({ type: 'step-started', step: '1', title: '[1/1] FROM scratch' });
      events({ type: 'step-finished', step: '1', outcome: 'cached', seconds: 0 });
      const descriptor = { mediaType: 'm', digest: manifest, size: 7 };
      const names = ['docker.io/library/app:latest', 'docker.io/library/b:1'];
      return { imageId, descriptor, names, bytes: 0, seconds: 0, buildId: 'x', log: '/log' };
    },
    run: async (options) => {
      calls.run = options;
      return 42;
    },
    provide: async () => {},
    secretVariables: async () => [],
    pull: async (...args) => {
      calls.other = args;
      const whole = 'docker.io/library/a:1';
      return { digest: manifest, imageId, name: 'a:1', whole, fresh: true };
    },
    check: async () => ({ source, diagnostics: [], missingImages: [] }),
    outline: async () => ({ source, outline: { args: [], secrets: [], ssh: [] } }),
    targets: async () => ({ source, targets: [] }),
    images: async (...args) => {
      calls.other = args;
      return [];
    },
    history: async () => [],
    inspect: async () => [{ Id: imageId }],
    tag: async (...args) => {
      calls.other = args;
    },
    rmi: async (...args) => {
      calls.other = args;
      return [{ type: 'untagged', name: 'a:latest' }];
    },
    save: async (...args) => {
      calls.other = args;
    },
    load: async () => [{ imageId, names: ['a:latest'] }],
    bootstrap: async (...args) => {
      calls.other = args;
      return { imageId, manifest, names: [], bytes: 0, seconds: 0, packages: 3, explanation };
    },
    explainBootstrap: async (...args) => {
      calls.other = args;
      return explanation;
    },
    parse: async (...args) => {
      calls.other = args;
      return [
        {
          instruction: 'cmd',
          flags: ['--x'],
          args: ['a', 'b'],
          json: true,
          heredocs: [],
          line: 1,
          endLine: 2,
        },
      ];
    },
    expand: async (...args) => {
      calls.other = args;
      return [
        { word: '$A', result: 'a' },
        { word: '${', result: null, error: 'no' },
        { word: '$B', result: ['b', 'c'] },
      ];
    },
    ...app,
  } satisfies Partial<App>;
  const host: Host = {
    env,
    terminal: { stdin: false, stdout: false, stderr: false, ...terminal },
    size: () => ({ columns: 80, rows: 24 }),
    now: () => 0,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readLine: () => lines.shift(),
    every100ms: () => () => {},
    interruption: () => ({
      signal: interrupt ? AbortSignal.abort() : new AbortController().signal,
      status: interrupt ? 130 : undefined,
      [Symbol.dispose]: () => {},
    }),
    app: async () => stand as unknown as App,
  };
  const status = await dispatch(line.split(' '), host);
  return { out, err, status, calls };
}
