// All pages, in the order of lists: instructions by how they are met in a Dockerfile, their parts, then questions.

import { INSTRUCTIONS } from './instructions.ts';
import type { InstructionFacts, Page } from './page.ts';
import { ENGLISH, type PageName } from './pages/en.ts';
import { FRENCH } from './pages/fr.ts';

interface Entry {
  readonly aliases?: readonly string[];
  readonly see: readonly string[];
}

const SEE: Readonly<Record<keyof typeof INSTRUCTIONS, readonly string[]>> = {
  from: ['multi-stage', 'ARG'],
  arg: ['arg-or-env', 'ENV', 'secrets'],
  env: ['arg-or-env', 'ARG', 'secrets'],
  run: ['run-mount', 'shell-or-exec', 'cache', 'SHELL'],
  copy: ['add-or-copy', 'dockerignore', 'multi-stage', 'cache'],
  add: ['add-or-copy', 'COPY'],
  workdir: ['RUN', 'COPY'],
  user: ['COPY'],
  cmd: ['cmd-or-entrypoint', 'shell-or-exec'],
  entrypoint: ['cmd-or-entrypoint', 'shell-or-exec'],
  expose: [],
  volume: [],
  label: ['layers'],
  shell: ['shell-or-exec', 'RUN'],
  healthcheck: ['shell-or-exec'],
  stopsignal: ['shell-or-exec', 'CMD'],
  onbuild: ['FROM'],
  maintainer: ['LABEL'],
};

const PARTS: Readonly<Partial<Record<PageName, Entry>>> = {
  'run-mount': {
    aliases: [
      ...[
        'mount',
        'mounts',
        '--mount',
        'cache-mount',
        'secret-mount',
        'bind-mount',
        'ssh-mount',
        'tmpfs-mount',
      ],
      ...['--mount=type=cache', '--mount=type=secret', '--mount=type=bind', '--mount=type=ssh'],
      ...['--mount=type=tmpfs', 'tmpfs', 'bind', 'ssh'],
    ],
    see: ['RUN', 'secrets', 'cache'],
  },
  dockerignore: { aliases: ['ignore', 'context', 'build-context', 'contexte'], see: ['COPY'] },
};

const TOPICS: Readonly<Partial<Record<PageName, Entry>>> = {
  layers: { aliases: ['layer', 'couche', 'couches'], see: ['RUN', 'multi-stage'] },
  cache: { aliases: ['caching', 'build-cache', 'invalidation'], see: ['layers', 'run-mount'] },
  secrets: { aliases: ['secret', 'password', 'passwords', 'token'], see: ['run-mount', 'ARG', 'ENV'] },
  'multi-stage': {
    aliases: ['multistage', 'stage', 'stages', 'multi-etapes', 'etapes'],
    see: ['FROM', 'COPY'],
  },
  'arg-or-env': { aliases: ['env-or-arg'], see: ['ARG', 'ENV'] },
  'add-or-copy': { aliases: ['copy-or-add'], see: ['ADD', 'COPY'] },
  'cmd-or-entrypoint': { aliases: ['entrypoint-or-cmd'], see: ['CMD', 'ENTRYPOINT', 'shell-or-exec'] },
  'shell-or-exec': {
    aliases: [
      ...[
        'exec-or-shell',
        'shell-or-exec-form',
        'exec-or-shell-form',
        'shell-form',
        'exec-form',
        'form',
        'forms',
      ],
      ...['forme-shell', 'forme-exec', 'forme-shell-or-exec', 'signals', 'pid-1'],
    ],
    see: ['CMD', 'ENTRYPOINT', 'RUN', 'SHELL'],
  },
};

/** All pages. */
export const PAGES: readonly Page[] = [
  ...Object.entries(INSTRUCTIONS).map(([name, facts]) =>
    instruction(name as keyof typeof INSTRUCTIONS, facts),
  ),
  ...others(PARTS, 'part'),
  ...others(TOPICS, 'topic'),
];

function instruction(name: keyof typeof INSTRUCTIONS, facts: InstructionFacts): Page {
  return {
    ...{ name: name.toUpperCase(), kind: 'instruction', facts, see: SEE[name] },
    texts: { en: ENGLISH[name], fr: FRENCH[name] },
  };
}

function others(entries: Readonly<Partial<Record<PageName, Entry>>>, kind: 'part' | 'topic'): Page[] {
  return Object.entries(entries).map(([key, entry]) => {
    const name = key as PageName;
    return { ...entry, name, kind, texts: { en: ENGLISH[name], fr: FRENCH[name] } };
  });
}
