import { installs } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import type { Rule } from '../../rule.ts';

const NPM = {
  programs: ['npm'],
  verbs: ['install'],
  valued: ['loglevel', 'registry', 'prefix', 'cache'],
} as const;

export const pinNpmVersions: Rule = {
  name: 'PinNpmVersions',
  codes: ['DL3016'],
  severity: 'warning',
  summary: 'packages of npm are installed in a version that is written down',
  page: `\`npm install -g typescript\` takes the newest release of the day. Write \`typescript@5.9.2\`; for what an application
needs, copy its \`package.json\` and lock file and run \`npm ci\`, which takes exactly what the lock file says.
\`npm install\` without names is not reported, nor are files and directories; a repository counts where it names a
commit (\`git+https://…#v1\`).`,
  examples: [
    {
      bad: 'FROM node:24\nRUN npm install -g typescript',
      at: [2],
      good: 'FROM node:24\nRUN npm install -g typescript@5.9.2',
    },
  ],
  check: (subject) =>
    installs(subject, NPM)
      // `npm run install` is a script of that name.
      .filter(({ packages, verb }) => packages.every(({ at }) => at > verb.at))
      .flatMap((one) => unpinned(one, isPinned)),
};

function isPinned(name: string): boolean {
  if (/^git(\+ssh|\+https?)?:\/\//.test(name)) return name.includes('#');
  if (/\.(tar|tar\.gz|tgz)$/.test(name) || /^(\/|\.\.?\/|~\/|\.$)/.test(name)) return true;
  return name.lastIndexOf('@') > 0;
}
