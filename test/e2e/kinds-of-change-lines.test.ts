// What people change in a Dockerfile and in the flags of a build, one thing at a time: see kinds-of-change.

import { changes, follow, type Project } from '../support/kinds-of-change.ts';

const LINES = `FROM busybox AS tools
COPY tools /tools
RUN grep -hv '^#' /tools/* >/list
FROM busybox
ARG VERSION=1
ARG UNUSED
COPY deps.txt /app/
WORKDIR /app
ENV MODE=fast
RUN echo "$MODE" "$VERSION" >mode
COPY --from=tools /list .
COPY <<ONE <<TWO /here/
1
ONE
2
TWO
ARG LAST=1
LABEL last=$LAST
CMD ["cat", "mode"]
`;
const TOOLS = 'COPY tools /tools';
const GREP = "RUN grep -hv '^#' /tools/* >/list";
const DEPS = 'COPY deps.txt /app/';
const ECHO = 'RUN echo "fast" "1" >mode';
const LIST = 'COPY --from=tools /list .';
const HERE = 'COPY <<ONE <<TWO /here/';

const edited =
  (before: string, after: string) =>
  ({ edit }: Project): void =>
    edit(before, after);
/** What becomes of the steps after the RUN that writes `mode`. */
const rest = (echo: string) => follow(echo, LIST, HERE);
const SLOW = ECHO.replace('fast', 'slow');
const OTHER = ECHO.replace('"1"', '"2"');
const argument = (value: string): string[] => ['--build-arg', value];

changes('lines', { Dockerfile: LINES, 'deps.txt': 'dependencies\n', 'tools/list': '# a comment\ncode\n' }, [
  {
    name: 'a source from which a stage makes the same',
    change: ({ write }) => write('tools/list', '# another\ncode\n'),
    ran: [`${TOOLS} → tools/list changed`, `${GREP} → the step before it changed: ${TOOLS}; same`],
  },
  {
    name: 'a source from which a stage makes something else',
    change: ({ write }) => write('tools/list', 'more code\n'),
    ran: [
      `${TOOLS} → tools/list changed`,
      `${GREP} → the step before it changed: ${TOOLS}`,
      `${LIST} → list changed`,
      ...follow(LIST, HERE),
    ],
  },
  {
    name: 'ARG that a RUN uses',
    after: argument('VERSION=2'),
    ran: [`${OTHER} → build argument VERSION: 1 → 2`, ...rest(OTHER)],
  },
  {
    name: 'ARG that nothing uses: every RUN after it sees it all the same',
    after: argument('UNUSED=1'),
    ran: [`${ECHO} → build argument UNUSED is new: 1; SAME`],
  },
  { name: 'ARG after the last step', after: argument('LAST=2'), ran: [] },
  {
    name: 'the default of an ARG',
    change: edited('VERSION=1', 'VERSION=2'),
    ran: [`${OTHER} → build argument VERSION: 1 → 2`, ...rest(OTHER)],
  },
  {
    name: 'the default of an ARG that is given',
    before: argument('VERSION=3'),
    change: edited('VERSION=1', 'VERSION=2'),
    ran: [],
  },
  { name: 'an argument that no ARG declares', after: argument('ABSENT=1'), ran: [], says: ['ABSENT'] },
  {
    name: 'proxies',
    after: argument('HTTP_PROXY=http://127.0.0.1:1'),
    env: { no_proxy: 'example.org' },
    ran: [],
  },
  {
    name: 'ENV, which COPY does not see',
    change: edited('MODE=fast', 'MODE=slow'),
    ran: [`${SLOW} → environment MODE: fast → slow`, ...rest(SLOW)],
  },
  {
    name: 'ENV moved over steps that do not see it',
    change: edited(`${DEPS}\nWORKDIR /app\nENV MODE=fast\n`, `ENV MODE=fast\n${DEPS}\nWORKDIR /app\n`),
    ran: [],
  },
  {
    name: 'an instruction edited that makes the same',
    change: edited('>mode', '>>mode'),
    ran: [`${ECHO.replace('>mode', '>>mode')} → instruction edited; SAME`],
  },
  {
    name: 'an instruction edited that makes something else',
    change: edited('echo "$MODE"', 'echo 2'),
    ran: ['RUN echo 2 "1" >mode → instruction edited', ...rest('RUN echo 2 "1" >mode')],
  },
  {
    name: 'spaces within a command',
    change: edited('RUN echo ', 'RUN echo \\\n  '),
    ran: [`${ECHO.replace('echo ', 'echo   ')} → instruction edited; SAME`],
  },
  {
    name: 'spaces, case and comments that mean nothing',
    change: ({ write }) => {
      const spaced = LINES.replaceAll('COPY ', 'copy   ').replace('ENV', '\n# above\n  env');
      write('Dockerfile', `# new\n${spaced.replace('RUN grep ', 'run \\\n# within\ngrep ')}# last\n`);
    },
    ran: [],
  },
  {
    name: 'the name of a stage',
    change: ({ write }) => write('Dockerfile', LINES.replace('AS tools', 'AS t').replace('=tools', '=t')),
    ran: [],
  },
  {
    name: 'instructions that are no steps',
    change: edited('CMD', 'EXPOSE 80\nUSER 1\nHEALTHCHECK NONE\nCMD'),
    after: ['--label', 'a=b', '-t', 'kinds-of-change'],
    ran: [],
  },
  {
    name: 'a step added',
    change: edited('ENV MODE', 'COPY deps.txt /new\nENV MODE'),
    ran: ['COPY deps.txt /new → new instruction', ...follow('COPY deps.txt /new', ECHO, LIST, HERE)],
  },
  {
    name: 'a step removed from above the others',
    change: edited(`${DEPS}\n`, ''),
    ran: [
      'WORKDIR /app → it stands on base image busybox now, not on a step',
      ...follow('WORKDIR /app', ECHO, LIST, HERE),
    ],
  },
  {
    name: 'steps in another order',
    change: edited(`${DEPS}\nWORKDIR /app\n`, `WORKDIR /app\n${DEPS}\n`),
    ran: [
      'WORKDIR /app → it stands on base image busybox now, not on a step',
      ...follow('WORKDIR /app', DEPS, ECHO, LIST, HERE),
    ],
  },
  {
    name: 'a here-document',
    change: edited('\n2\n', '\n3\n'),
    ran: [`${HERE} → here-document TWO changed`],
  },
  {
    name: '--chmod',
    change: edited('COPY <<', 'COPY --chmod=600 <<'),
    ran: [`${HERE.replace('COPY', 'COPY --chmod=600')} → --chmod=600 added`],
  },
  {
    name: '--chown to the owner that the files have',
    change: edited('COPY <<', 'COPY --chown=0:0 <<'),
    ran: [`${HERE.replace('COPY', 'COPY --chown=0:0')} → --chown=0:0 added; SAME`],
  },
  {
    name: '--link',
    change: edited('COPY <<', 'COPY --link <<'),
    ran: [`${HERE.replace('COPY', 'COPY --link')} → --link added; SAME`],
  },
  {
    name: '--exclude',
    change: edited('COPY --from', 'COPY --exclude=*.md --from'),
    ran: [`${LIST.replace('COPY', 'COPY --exclude=*.md')} → --exclude=*.md added; SAME`],
  },
  {
    name: 'WORKDIR',
    change: edited('WORKDIR /app', 'WORKDIR /'),
    ran: [
      `${ECHO} → working directory: /app → /`,
      `${LIST} → the destination changed, the step before it changed: ${ECHO}`,
      ...follow(LIST, HERE),
    ],
  },
  {
    name: 'USER',
    change: edited('RUN echo', 'USER 0\nRUN echo'),
    ran: [`${ECHO} → user: root → 0; SAME`],
  },
  {
    name: 'SHELL',
    change: edited('ENV', 'SHELL ["sh", "-ec"]\nENV'),
    ran: [`${ECHO} → SHELL changed; SAME`],
  },
  { name: '--target', after: ['--target', 'tools'], ran: [] },
  {
    name: '--network',
    after: ['--network', 'none', '--target', 'tools'],
    ran: [`${GREP} → network: default → none; SAME`],
  },
  { name: 'limits', after: ['--memory', '1g', '--cpu-shares', '500'], ran: [] },
  {
    name: 'names of hosts',
    after: ['--add-host', 'a:127.0.0.1', '--target', 'tools'],
    ran: [`${GREP} → --add-host=a added; SAME`],
  },
  {
    name: 'addresses of hosts',
    before: ['--add-host', 'a:127.0.0.1', '--target', 'tools'],
    after: ['--add-host', 'a:127.0.0.2', '--target', 'tools'],
    ran: [],
  },
  {
    name: 'the name that RUN sees of its own host',
    after: [...argument('BUILDKIT_SANDBOX_HOSTNAME=other'), '--target', 'tools'],
    ran: [`${GREP} → BUILDKIT_SANDBOX_HOSTNAME=other added; SAME`],
  },
  {
    name: '--no-cache',
    after: ['--no-cache', '--target', 'tools'],
    ran: [`${TOOLS} → of --no-cache`, `${GREP} → of --no-cache`],
  },
]);
