// Flags of the commands that bring an image from a registry or to one.

import { PROGRESS_MODES } from './progress.ts';

export const TRANSFER_FLAGS = {
  ca: {
    kind: 'string',
    value: 'host|PATH',
    help: "trust the host's CA bundle (or the one at PATH) beside the usual ones",
  },
  offline: {
    kind: 'boolean',
    help: 'ask no registry, no server and no repository: use what is here, or fail',
  },
  'registry-mirror': {
    kind: 'list',
    value: '[REGISTRY=]URL',
    help: "ask this mirror of a registry (of Docker's own if none is named) before it",
  },
  progress: {
    kind: 'choice',
    choices: PROGRESS_MODES,
    help: 'how progress is shown on standard error; json is one event a line',
  },
  quiet: { kind: 'boolean', short: 'q', help: 'show nothing but the name' },
} as const;
