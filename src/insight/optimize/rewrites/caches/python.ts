// Caches of Python's package managers.

import { appendCommand, hasArgument, operands } from '../../../lint/index.ts';
import { MOVED_BY } from '../../usual-places.ts';
import { type Cache, flagged, removal } from './clean-cache.ts';

const PIP_FLAGS = ['--no-cache-dir', '--no-cache'];

export const PIP: Cache = {
  name: 'clean-pip',
  what: 'copies of what pip downloaded and built',
  page: `pip keeps each wheel that it fetched or built, for the next time; in an image there is none. \`--no-cache-dir\` tells it
not to.`,
  examples: [
    {
      before: 'FROM python:3.13\nRUN pip install flask==3.1.0\n',
      after: 'FROM python:3.13\nRUN pip install --no-cache-dir flask==3.1.0\n',
      steps: {
        2: {
          layer: {
            'root/.cache/pip/http-v2/a/b': 4_000_000,
            'usr/local/lib/python3.13/site-packages/flask/app.py': 60_000,
          },
        },
      },
    },
  ],
  fills: (command) => isPip(command.name) || isModule(command, 'pip'),
  left: /^(?:.*\/)?\.cache\/pip(?=\/|$)/,
  usual: {
    directories: ['root/.cache/pip'],
    by: (command) =>
      hasArgument(command, 'install', 'wheel', 'download') && !hasArgument(command, ...PIP_FLAGS),
    unless: MOVED_BY.pip,
  },
  isClean: (command) => (isPip(command.name) || isModule(command, 'pip')) && hasArgument(command, 'purge'),
  remedy: ({ commands, last, left }) => {
    const fresh = commands.filter((one) => !hasArgument(one, ...PIP_FLAGS));
    if (fresh.length === 0) return undefined;
    const verbs = fresh.map(({ args }) =>
      args.find(({ text }) => ['install', 'wheel', 'download'].includes(text)),
    );
    return flagged(verbs, '--no-cache-dir') ?? appendCommand(last, removal(left.directories));
  },
};

export const POETRY: Cache = {
  name: 'clean-poetry',
  what: 'copies of what Poetry downloaded',
  page: `Poetry keeps what it fetched below \`~/.cache/pypoetry\`; the environments that it makes there are no cache, and stay.`,
  examples: [
    {
      before: 'FROM python:3.13\nRUN poetry install --no-root\n',
      after: 'FROM python:3.13\nRUN poetry install --no-root && rm -rf /root/.cache/pypoetry/artifacts\n',
      steps: {
        2: {
          layer: {
            'root/.cache/pypoetry/artifacts/a.whl': 4_000_000,
            'root/.cache/pypoetry/virtualenvs/x/bin/flask': 900,
          },
        },
      },
    },
  ],
  fills: ({ name }) => name === 'poetry',
  left: /^(?:.*\/)?\.cache\/pypoetry\/(?:artifacts|cache)(?=\/|$)/,
  usual: {
    directories: ['root/.cache/pypoetry/artifacts', 'root/.cache/pypoetry/cache'],
    by: (command) => hasArgument(command, 'install', 'sync') && !hasArgument(command, '--no-cache'),
    unless: MOVED_BY.poetry,
  },
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

export const UV: Cache = {
  name: 'clean-uv',
  what: 'copies of what uv downloaded',
  page: `uv keeps what it fetched and unpacked below \`~/.cache/uv\`. Where the installed files are links to it they take no room of
their own, and then there is nothing to gain.`,
  examples: [
    {
      before: 'FROM python:3.13\nRUN uv sync --frozen\n',
      after: 'FROM python:3.13\nRUN uv sync --no-cache --frozen\n',
      steps: { 2: { layer: { 'root/.cache/uv/archive-v0/a/b.py': 4_000_000 } } },
    },
  ],
  fills: ({ name }) => name === 'uv',
  left: /^(?:.*\/)?\.cache\/uv(?=\/|$)/,
  remedy: ({ commands, last, left }) => {
    const fresh = commands.filter((one) => !hasArgument(one, '--no-cache', '-n', '--no-cache-dir'));
    if (fresh.length === 0) return undefined;
    const verbs = fresh.map((one) => operands(one)[0]);
    return flagged(verbs, '--no-cache') ?? appendCommand(last, removal(left.directories));
  },
};

export const CONDA: Cache = {
  name: 'clean-conda',
  what: 'packages that conda has unpacked besides',
  page: `conda keeps the archives that it fetched, and what it unpacked of them, below its \`pkgs\`. \`conda clean\` removes what is
not in use; files that an environment links to stay.`,
  examples: [
    {
      before: 'FROM condaforge/miniforge3\nRUN conda install -y numpy\n',
      after: 'FROM condaforge/miniforge3\nRUN conda install -y numpy && conda clean -afy\n',
      steps: { 2: { layer: { 'opt/conda/pkgs/numpy-2.conda': 9_000_000 } } },
    },
  ],
  fills: ({ name }) => ['conda', 'mamba', 'micromamba'].includes(name),
  left: /^(?:.*\/)?(?:conda|mamba|miniconda3|miniforge3|anaconda3)\/pkgs(?=\/|$)/,
  // Where the images have it that are made of Miniconda, Miniforge and micromamba.
  usual: {
    directories: ['opt/conda/pkgs'],
    by: (command) =>
      hasArgument(command, 'install', 'create', 'update') && !hasArgument(command, '--dry-run'),
    unless: ['CONDA_PKGS_DIRS'],
  },
  isClean: (command) =>
    ['conda', 'mamba', 'micromamba'].includes(command.name) && hasArgument(command, 'clean'),
  remedy: ({ last }) => appendCommand(last, `${last.word.text} clean -afy`),
};

function isPip(name: string): boolean {
  return /^pip[\d.]*$/.test(name);
}

function isModule({ name, args }: Parameters<Cache['fills']>[0], module: string): boolean {
  const at = args.findIndex(({ text }) => text === '-m');
  return name.startsWith('python') && at >= 0 && args[at + 1]?.text === module;
}
