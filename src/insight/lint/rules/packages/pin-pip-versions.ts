import { hasAny } from '../../package-installs.ts';
import { unpinned } from '../../pinned.ts';
import { pipInstalls } from '../../pip-install.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument } from '../../run-commands.ts';

const REPOSITORY = /^(git|hg|svn|bzr)(\+|:)/;

export const pinPipVersions: Rule = {
  name: 'PinPipVersions',
  codes: ['DL3013'],
  severity: 'warning',
  summary: 'Python packages are installed in a version that is written down',
  page: `\`pip install flask\` takes the newest release of the day, with the newest of everything it needs. Write
\`flask==3.1.2\`, or better: list everything in a requirements file with versions and hashes, and install that
(\`pip install -r requirements.txt\`), which is not reported. Nor are bounds (\`flask>=3,<4\`), constraints (\`-c\`), local
directories and files; a repository counts where it names a revision (\`git+https://…@v1\`).`,
  examples: [
    {
      bad: 'FROM python:3.13\nRUN pip install --no-cache-dir flask',
      at: [2],
      good: 'FROM python:3.13\nRUN pip install --no-cache-dir flask==3.1.2',
    },
  ],
  check: (subject) =>
    pipInstalls(subject).flatMap((one) => {
      const { command } = one;
      if (hasAny(command, ['constraint', 'c', 'requirement', 'r']) || hasArgument(command, '.')) return [];
      return unpinned(one, isPinned);
    }),
};

function isPinned(name: string): boolean {
  if (/[<>]|==|!=|~=/.test(name) || /\.(whl|tar\.gz)$/.test(name)) return true;
  return REPOSITORY.test(name) ? name.includes('@') : name.includes('/');
}
