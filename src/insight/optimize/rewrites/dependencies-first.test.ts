// Dependencies first, for each package manager, and where nothing is to be proposed.

import { describe, expect, test } from 'bun:test';
import { type EvidenceOptions, evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import type { RewriteExample } from '../rewrite.ts';
import { dependenciesFirst } from './dependencies-first.ts';

type Given = Omit<RewriteExample, 'after'>;

function rewritten(given: Given, options: EvidenceOptions = {}): string {
  const { draft, around } = evidenceFor({ ...given, after: '' }, options);
  return propose(draft, around, { rewrites: [dependenciesFirst] }).draft.source.text;
}

/** The lines between WORKDIR and the end, of `COPY . .` and an install that takes long. */
function linesFor(install: string, context: readonly string[], reads?: readonly string[]): string[] {
  const text = rewritten({
    before: `FROM base\nWORKDIR /app\nCOPY . .\nRUN ${install}\n`,
    context: Object.fromEntries([...context, 'src/main.x', 'README.md'].map((path) => [path, 10])),
    steps: { 4: { seconds: 10, ...(reads ? { reads } : {}) } },
  });
  return text.split('\n').slice(2, -1);
}

const SOURCES = ['COPY . .'];

test('what is no install has no package manager', () => {
  const example = { before: 'FROM a\nCOPY . /srv/\nRUN mkdir /data\n', after: '', context: { 'a.x': 10 } };
  const { draft, around } = evidenceFor({ ...example, steps: { 3: { seconds: 5 } } });
  const [made] = propose(draft, around, { rewrites: [dependenciesFirst] }).applied;
  expect(made!.proposal.reason).toStartWith('it took 5.0 s and reads none of the files that now go below;');
  expect(made!.proposal.risk).toBe(
    'what it reads was not seen: as a rule commands like this one read no file',
  );
});

describe('told by its package manager, where it was not watched', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'npm ci',
      ['package.json', 'package-lock.json', '.npmrc'],
      ['COPY package.json package-lock.json .npmrc ./'],
    ],
    [
      'yarn install --frozen-lockfile',
      ['package.json', 'yarn.lock', '.yarnrc.yml', '.yarn/releases/yarn.cjs'],
      ['COPY package.json yarn.lock .yarnrc.yml ./', 'COPY .yarn/releases/yarn.cjs ./.yarn/releases/'],
    ],
    [
      'pnpm install --frozen-lockfile',
      [
        'package.json',
        'packages/a/package.json',
        'packages/a/a.js',
        'pnpm-lock.yaml',
        'pnpm-workspace.yaml',
        'patches/x.patch',
      ],
      [
        'COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./',
        'COPY patches/x.patch ./patches/',
        'COPY packages/a/package.json ./packages/a/',
      ],
    ],
    ['bun install', ['package.json', 'bun.lock'], ['COPY package.json bun.lock ./']],
    [
      'pip install -r requirements/prod.txt',
      ['requirements/prod.txt', 'requirements/base.txt'],
      ['COPY requirements/base.txt requirements/prod.txt ./requirements/'],
    ],
    [
      'pip3 install --no-cache-dir -r requirements.txt -c constraints.txt',
      ['requirements.txt', 'constraints.txt'],
      ['COPY constraints.txt requirements.txt ./'],
    ],
    ['uv pip install --system -r requirements.txt', ['requirements.txt'], ['COPY requirements.txt ./']],
    [
      'uv sync --frozen --no-install-project',
      ['pyproject.toml', 'uv.lock'],
      ['COPY pyproject.toml uv.lock ./'],
    ],
    ['poetry install --no-root', ['pyproject.toml', 'poetry.lock'], ['COPY pyproject.toml poetry.lock ./']],
    ['pipenv install --system --deploy', ['Pipfile', 'Pipfile.lock'], ['COPY Pipfile Pipfile.lock ./']],
    ['bundle install', ['Gemfile', 'Gemfile.lock'], ['COPY Gemfile Gemfile.lock ./']],
    ['dart pub get', ['pubspec.yaml', 'pubspec.lock'], ['COPY pubspec.yaml pubspec.lock ./']],
    ['pub get', ['pubspec.yaml'], ['COPY pubspec.yaml ./']],
    [
      'carton install --deployment',
      ['cpanfile', 'cpanfile.snapshot'],
      ['COPY cpanfile cpanfile.snapshot ./'],
    ],
    [
      'composer install --no-autoloader --no-scripts',
      ['composer.json', 'composer.lock'],
      ['COPY composer.json composer.lock ./'],
    ],
    ['go mod download', ['go.mod', 'go.sum', 'main.go'], ['COPY go.mod go.sum ./']],
    [
      'mvn -B dependency:go-offline',
      ['pom.xml', 'core/pom.xml'],
      ['COPY pom.xml ./', 'COPY core/pom.xml ./core/'],
    ],
    [
      'dotnet restore',
      ['app.sln', 'src/app.csproj', 'nuget.config'],
      ['COPY app.sln nuget.config ./', 'COPY src/app.csproj ./src/'],
    ],
    ['apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*', [], []],
    ['apk add --no-cache curl', [], []],
    ['dnf install -y curl && dnf clean all', [], []],
    ['npm install -g nodemon', ['package.json'], []],
    ['pip install flask gunicorn', ['requirements.txt'], []],
    ['yarn global add serve', ['package.json'], []],
    ['gem install bundler', ['Gemfile'], []],
    ['go install example.com/a/cmd/b@latest', ['go.mod'], []],
    ['docker-php-ext-install -j2 pdo_mysql zip', ['composer.json'], []],
    ['curl -fsSLo /usr/bin/tool https://example.com/tool && apt-get install -y git', [], []],
    ['touch .env && npm ci', ['package.json'], ['COPY package.json ./']],
  ];
  for (const [install, context, copied] of cases)
    test(install, () => {
      expect(linesFor(install, context)).toEqual([...copied, `RUN ${install}`, ...SOURCES]);
    });
});

describe('nothing is proposed', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['for what fetches nothing', 'dart pub get --offline', ['pubspec.yaml']],
    ['for a project that is installed itself', 'pip install .', ['setup.py']],
    ['for one that is installed in its place', 'pip install -e . -r requirements.txt', ['requirements.txt']],
    ['for a package that lies in the context', 'npm install ./lib', ['package.json', 'lib/package.json']],
    ['where the project is installed too', 'poetry install', ['pyproject.toml', 'poetry.lock']],
    ['where something else runs too', 'npm ci; ./setup.sh', ['package.json', 'setup.sh']],
    ['in another directory', 'cd web && npm ci', ['web/package.json']],
    ['for a program of the project', 'go install ./cmd/b', ['go.mod']],
    ['for a crate of the project', 'cargo install --locked --path .', ['Cargo.toml']],
    ['where something is sent', 'curl -T package.json https://example.com && npm ci', ['package.json']],
    ['for a command that nobody knows', 'make deps', ['Makefile']],
  ];
  for (const [why, install, context] of cases)
    test(`${why}, unwatched`, () => {
      expect(linesFor(install, context)).toEqual([...SOURCES, `RUN ${install}`]);
    });

  test('where the install reads the sources', () => {
    const context = ['setup.py', 'src/main.x', 'README.md'];
    expect(linesFor('pip install .', context, context)).toEqual([...SOURCES, 'RUN pip install .']);
  });
  test('where the order is right already', () => {
    const before =
      'FROM base\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n';
    const context = { 'package.json': 1, 'package-lock.json': 1, 'a.js': 1 };
    const steps = {
      4: { seconds: 10, reads: ['package.json', 'package-lock.json'] },
      6: { seconds: 9, reads: ['package.json', 'a.js'] },
    };
    expect(rewritten({ before, context, steps })).toBe(before);
  });
  test('where nothing ever changes but what is needed', () => {
    const before = 'FROM base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const context = { 'package.json': 1, 'a.js': 1 };
    const commits = Array.from({ length: 10 }, () => ['package.json']);
    expect(rewritten({ before, context, commits, steps: { 4: { seconds: 9 } } })).toBe(before);
  });
  test('where it takes no time', () => {
    const before = 'FROM base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const context = { 'package.json': 1, 'a.js': 1 };
    expect(rewritten({ before, context, steps: { 4: { seconds: 0.04 } } })).toBe(before);
  });
  test('where the install writes over what was copied', () => {
    const before = 'FROM base\nWORKDIR /app\nCOPY . .\nRUN npm install\n';
    const given = {
      ...{ before, context: { 'package.json': 1, 'package-lock.json': 1, 'a.js': 1 } },
      steps: { 4: { seconds: 9, reads: ['package.json', 'package-lock.json'] } },
    };
    expect(rewritten(given, { writes: { 4: { 'app/package-lock.json': 'another' } } })).toBe(before);
    expect(rewritten(given, { writes: { 4: { 'app/node_modules/a/index.js': 'new' } } })).not.toBe(before);
  });
  test('where something is built of all that is in a directory, of what comes there one day too', () => {
    for (const build of ['mvn clean package', 'npm ci && npm run build', 'make']) {
      const before = `FROM base\nWORKDIR /app\nCOPY . .\nRUN ${build}\n`;
      const context = { 'package.json': 9, 'src/main/A.java': 9, 'README.md': 9 };
      const steps = { 4: { seconds: 10, reads: ['package.json', 'src/main/A.java'] } };
      const text = rewritten({ before, context, steps }, { listed: { 4: ['app/src/main'] } });
      expect(text).not.toContain('A.java');
    }
  });
  test('where a directory is listed whose names would be others', () => {
    const before = 'FROM base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const given = {
      ...{ before, context: { 'package.json': 1, 'scripts/a.js': 1, 'b.js': 1 } },
      steps: { 4: { seconds: 9, reads: ['package.json'] } },
    };
    expect(rewritten(given, { listed: { 4: ['app/scripts'] } })).toBe(before);
    expect(rewritten(given, { listed: { 4: ['app', 'usr/lib'] } })).not.toBe(before);
  });
});

test('places of projects below /usr are not the system', () => {
  const moved = (directory: string) =>
    rewritten({
      before: `FROM base\nWORKDIR ${directory}\nCOPY . .\nRUN npm ci\n`,
      context: { 'package.json': 1, 'a.js': 1 },
      steps: { 4: { seconds: 9 } },
    }).includes('COPY package.json');
  expect(['/usr/src/app', '/usr/app', '/usr/local/app', '/root/app', '/'].map(moved)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(['/usr/lib/x', '/etc', '/root/.config', '/usr/local/lib/x'].map(moved)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

describe('seen', () => {
  test('a file that no name tells, and one that is read by another', () => {
    const context = ['package.json', 'package-lock.json', 'scripts/after.js', 'scripts/more.js'];
    expect(linesFor('npm ci', context, context.slice(0, 3))).toEqual([
      'COPY package.json package-lock.json ./',
      'COPY scripts/after.js ./scripts/',
      'RUN npm ci',
      'COPY . .',
    ]);
  });
  test('what is called like a file that it needs, and was not read, stays below', () => {
    const context = ['requirements.txt', 'requirements-dev.txt'];
    expect(linesFor('pip install -r requirements.txt', context, ['requirements.txt'])).toEqual([
      'COPY requirements.txt ./',
      'RUN pip install -r requirements.txt',
      'COPY . .',
    ]);
  });
  test('a command that nobody knows', () => {
    expect(linesFor('./tools/fetch', ['tools/fetch', 'deps.txt'], ['tools/fetch', 'deps.txt'])).toEqual([
      'COPY deps.txt ./',
      'COPY tools/fetch ./tools/',
      'RUN ./tools/fetch',
      'COPY . .',
    ]);
  });
  test('a lock file that is not there yet counts when it comes', () => {
    const text = rewritten(
      {
        before: 'FROM base\nWORKDIR /app\nCOPY . .\nRUN yarn\n',
        context: { 'package.json': 1, 'a.js': 1 },
        steps: { 4: { seconds: 9, reads: ['package.json'] } },
      },
      { missing: { 4: ['app/yarn.lock', 'app/whatever.js'] } },
    );
    expect(text).toContain('COPY package.json yarn.lock* ./\n');
  });
});

describe('how it is written', () => {
  test('several COPYs go down together, with comments and flags', () => {
    const before = `FROM base
USER app
# the program
COPY --chown=app:app src /srv/src
COPY --chown=app:app Gemfile* /srv/
WORKDIR /srv
ENV A=1

# its parts
RUN bundle install
EXPOSE 80
`;
    const after = `FROM base
USER app
COPY --chown=app:app Gemfile* /srv/
WORKDIR /srv
ENV A=1

# its parts
RUN bundle install
# the program
COPY --chown=app:app src /srv/src
EXPOSE 80
`;
    const context = { 'src/a.rb': 1, Gemfile: 1, 'Gemfile.lock': 1 };
    expect(rewritten({ before, context, steps: { 10: { seconds: 5 } } })).toBe(after);
  });
  test('a COPY that depends on what stands between stays', () => {
    const before = 'FROM base\nWORKDIR /a\nCOPY . .\nWORKDIR /a/web\nRUN npm ci\n';
    const context = { 'web/package.json': 1, 'a.js': 1 };
    expect(rewritten({ before, context, steps: { 5: { seconds: 5 } } })).toBe(before);
    const named = before.replace('COPY . .', 'COPY . /a');
    expect(rewritten({ before: named, context, steps: { 5: { seconds: 5 } } })).toBe(
      'FROM base\nWORKDIR /a\nCOPY web/package.json /a/web/\nWORKDIR /a/web\nRUN npm ci\nCOPY . /a\n',
    );
  });
  test('no two blank lines are left where it stood', () => {
    const before = 'FROM base\n\nCOPY . /a\n\nRUN apt-get install -y curl\n';
    expect(rewritten({ before, context: { 'a.js': 1 }, steps: { 5: { seconds: 5 } } })).toBe(
      'FROM base\n\nRUN apt-get install -y curl\nCOPY . /a\n',
    );
  });
  test('a file without a line end at its end', () => {
    const text = rewritten({
      before: 'FROM base\nWORKDIR /a\nCOPY . .\nRUN npm ci',
      context: { 'package.json': 1, 'a.js': 1 },
      steps: { 4: { seconds: 5 } },
    });
    expect(text).toBe('FROM base\nWORKDIR /a\nCOPY package.json ./\nRUN npm ci\nCOPY . .');
  });
  test('a RUN that also builds is divided, unless it cleans up what it brought', () => {
    const given = (end: string): Given => ({
      before: `FROM base\nWORKDIR /a\nCOPY . .\nRUN --network=host npm ci && npm run build${end}\n`,
      context: { 'package.json': 1, 'a.js': 1 },
      steps: { 4: { seconds: 5 } },
    });
    expect(rewritten(given(''))).toBe(
      'FROM base\nWORKDIR /a\nCOPY package.json ./\nRUN --network=host npm ci\nCOPY . .\nRUN --network=host npm run build\n',
    );
    const cleaned = given(' && npm cache clean --force');
    expect(rewritten(cleaned)).toBe(cleaned.before);
  });
});

describe('a RUN that also builds', () => {
  const given = (run: string): Given => ({
    before: `FROM base\nWORKDIR /a\nCOPY . .\nRUN ${run}\n`,
    context: { 'package.json': 1, 'yarn.lock': 1, 'a.js': 1 },
    steps: { 4: { seconds: 5 } },
  });
  const COPIED = 'FROM base\nWORKDIR /a\nCOPY package.json yarn.lock ./\n';
  test('is divided behind set -e too', () => {
    const text = rewritten(
      given('set -ex; \\\n    \\\n    yarn install --immutable; \\\n    yarn run build'),
    );
    expect(text).toBe(
      `${COPIED}RUN set -ex; \\\n    \\\n    yarn install --immutable\nCOPY . .\nRUN set -ex; yarn run build\n`,
    );
    expect(rewritten(given('set -euo pipefail; yarn; yarn build | tee log'))).toBe(
      `${COPIED}RUN set -euo pipefail; yarn\nCOPY . .\nRUN set -euo pipefail; yarn build | tee log\n`,
    );
  });
  for (const run of [
    'yarn; yarn build',
    'set -x; yarn; yarn build',
    'set -e; export A=1; yarn; yarn build',
    'set -e; yarn & yarn build',
    'set -e; if true; then yarn; fi; yarn build',
    'set -e; yarn; yarn build; yarn cache clean',
    'set -e; yarn build; yarn',
    'set -e +e; yarn; yarn build',
  ])
    test(`stays one: ${run}`, () => {
      expect(rewritten(given(run))).toBe(given(run).before);
    });
});

test('several RUN that go up together are named by the one that takes longest', () => {
  const { draft, around } = evidenceFor({
    before:
      'FROM base\nCOPY . .\nRUN apt-get update\nRUN apt-get install -y gcc\nRUN rm -rf /var/lib/apt/lists/*\n',
    after: '',
    context: { 'a.py': 10 },
    steps: { 3: { seconds: 4, reads: [] }, 4: { seconds: 20, reads: [] }, 5: { seconds: 1, reads: [] } },
  });
  const [first] = propose(draft, around, { rewrites: [dependenciesFirst] }).applied;
  expect(first?.proposal.title).toBe('run apt-get install -y gcc, and 2 RUN beside it, above what is copied');
  expect(first?.proposal.reason).toStartWith(
    'the 3 RUN took 25.0 s and were seen to read none of the files that now go below; above them a file is copied',
  );
});

test('what an install needs is copied right above it, below what needs none of it', () => {
  const context = { 'requirements.txt': 40, 'app.py': 900 };
  const before =
    'FROM base\nWORKDIR /app\nCOPY . .\nRUN apt-get update\nRUN apt-get install -y gcc\nRUN pip install -r requirements.txt\n';
  const steps = {
    ...{ 4: { seconds: 5, reads: [] }, 5: { seconds: 20, reads: [] } },
    6: { seconds: 8, reads: ['requirements.txt'] },
  };
  const commits = Array<string[]>(6).fill(['app.py']);
  expect(rewritten({ before, context, steps, commits })).toBe(
    'FROM base\nWORKDIR /app\nRUN apt-get update\nRUN apt-get install -y gcc\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n',
  );
});
