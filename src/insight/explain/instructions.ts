// What the pages of instructions claim, as data. `facts.test.ts` holds it against what planning a build gives.

import type { CacheClaim, InstructionFacts } from './page.ts';

const RUN_AND_COPY = 'RUN make\nCOPY a /a';

/** A line that changes, in front of a RUN and a COPY which do not use it. */
function claim(before: string, after: string, ...reruns: readonly string[]): CacheClaim {
  return {
    before: `FROM base\n${before}\n${RUN_AND_COPY}`,
    after: `FROM base\n${after}\n${RUN_AND_COPY}`,
    reruns,
  };
}

export const INSTRUCTIONS = {
  from: {
    layer: 'base',
    gives: { layers: 1, config: { Cmd: ['app'] } },
    reruns: [],
  },
  arg: {
    layer: 'never',
    gives: { layers: 2, config: { Env: ['APP_VERSION=1.2'] } },
    reruns: [
      claim('ARG V=1', 'ARG V=2', 'RUN'),
      {
        before: 'FROM base\nRUN make\nARG V=1\nCOPY a$V /a\nWORKDIR /$V',
        after: 'FROM base\nRUN make\nARG V=2\nCOPY a$V /a\nWORKDIR /$V',
        reruns: ['COPY', 'WORKDIR'],
      },
    ],
  },
  env: {
    layer: 'never',
    gives: {
      layers: 0,
      config: {
        Env: [
          'PATH=/opt/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'PYTHONUNBUFFERED=1',
          'PORT=8000',
        ],
        Cmd: ['python', '-m', 'http.server'],
      },
    },
    reruns: [
      claim('ENV V=1', 'ENV V=2', 'RUN'),
      {
        before: 'FROM base\nENV V=1\nCOPY --chown=$V a /a\nADD b /$V',
        after: 'FROM base\nENV V=2\nCOPY --chown=$V a /a\nADD b /$V',
        reruns: ['COPY', 'ADD'],
      },
    ],
  },
  run: {
    layer: 'always',
    gives: { layers: 1, config: {} },
    reruns: [
      { before: 'FROM base\nRUN a', after: 'FROM base\nRUN b', reruns: ['RUN'] },
      {
        before: 'FROM base\nRUN --mount=type=cache,id=x,target=/c a',
        after: 'FROM base\n# a comment\nRUN --mount=type=cache,id=x,target=/c a',
        reruns: [],
      },
    ],
  },
  copy: {
    layer: 'always',
    gives: { layers: 4, config: { WorkingDir: '/app' } },
    reruns: [
      { before: 'FROM base\nCOPY a /a', after: 'FROM base\nCOPY --chown=1 a /a', reruns: ['COPY'] },
      { before: 'FROM base\nCOPY a /a', after: 'FROM base\nCOPY a /b', reruns: ['COPY'] },
    ],
  },
  add: {
    layer: 'always',
    gives: { layers: 1, config: { Cmd: ['/bin/sh'] } },
    reruns: [{ before: 'FROM base\nADD a /a', after: 'FROM base\nADD --unpack=false a /a', reruns: ['ADD'] }],
  },
  workdir: {
    layer: 'new-directory',
    gives: { layers: 2, config: { WorkingDir: '/srv/app', Cmd: ['node', 'server.js'] } },
    reruns: [claim('WORKDIR /a', 'WORKDIR /b', 'WORKDIR', 'RUN')],
  },
  user: {
    layer: 'never',
    gives: { layers: 3, config: { WorkingDir: '/app', User: '10001', Cmd: ['./app.sh'] } },
    reruns: [
      claim('USER a', 'USER b', 'RUN'),
      {
        before: 'FROM base\nUSER a\nWORKDIR /w',
        after: 'FROM base\nUSER b\nWORKDIR /w',
        reruns: ['WORKDIR'],
      },
    ],
  },
  cmd: {
    layer: 'never',
    gives: { layers: 2, config: { WorkingDir: '/app', Cmd: ['python', 'app.py'] } },
    reruns: [claim('CMD a', 'CMD ["b"]')],
  },
  entrypoint: {
    layer: 'never',
    gives: { layers: 1, config: { Entrypoint: ['/entrypoint.sh'], Cmd: ['serve', '--port', '80'] } },
    reruns: [claim('ENTRYPOINT a', 'ENTRYPOINT ["b"]')],
  },
  expose: {
    layer: 'never',
    gives: { layers: 0, config: { ExposedPorts: { '443/tcp': {}, '53/udp': {}, '80/tcp': {} } } },
    reruns: [claim('EXPOSE 80', 'EXPOSE 81')],
  },
  volume: {
    layer: 'never',
    gives: { layers: 0, config: { Volumes: { '/backup': {}, '/var/lib/postgresql/data': {} } } },
    reruns: [claim('VOLUME /a', 'VOLUME /b')],
  },
  label: {
    layer: 'never',
    gives: {
      layers: 0,
      config: {
        Labels: {
          'org.opencontainers.image.licenses': 'Apache-2.0',
          'org.opencontainers.image.source': 'https://example.com/project',
        },
      },
    },
    reruns: [claim('LABEL a=1', 'LABEL a=2')],
  },
  shell: {
    layer: 'never',
    gives: {
      layers: 1,
      config: {
        Shell: ['/bin/bash', '-o', 'pipefail', '-c'],
        Cmd: ['/bin/bash', '-o', 'pipefail', '-c', 'cat /sorted'],
      },
    },
    reruns: [
      claim('SHELL ["/bin/sh", "-c"]', 'SHELL ["/bin/bash", "-c"]', 'RUN'),
      {
        before: 'FROM base\nSHELL ["/bin/sh", "-c"]\nRUN ["a"]',
        after: 'FROM base\nSHELL ["/bin/bash", "-c"]\nRUN ["a"]',
        reruns: [],
      },
    ],
  },
  healthcheck: {
    layer: 'never',
    gives: {
      layers: 0,
      config: {
        Healthcheck: {
          Test: ['CMD', 'python', '-c', "import urllib.request as u; u.urlopen('http://localhost:8000')"],
          Interval: 30_000_000_000,
          Timeout: 3_000_000_000,
          Retries: 2,
        },
        Cmd: ['python', '-m', 'http.server'],
      },
    },
    reruns: [claim('HEALTHCHECK CMD a', 'HEALTHCHECK NONE')],
  },
  stopsignal: {
    layer: 'never',
    gives: { layers: 0, config: { StopSignal: 'SIGQUIT' } },
    reruns: [claim('STOPSIGNAL SIGQUIT', 'STOPSIGNAL SIGINT')],
  },
  onbuild: {
    layer: 'never',
    gives: {
      layers: 1,
      config: { WorkingDir: '/app', OnBuild: ['COPY package.json ./', 'RUN npm install'] },
    },
    reruns: [claim('ONBUILD RUN a', 'ONBUILD RUN b')],
  },
  maintainer: {
    layer: 'never',
    gives: { layers: 0, config: {} },
    reruns: [claim('MAINTAINER a', 'MAINTAINER b')],
  },
} as const satisfies Readonly<Record<string, InstructionFacts>>;
