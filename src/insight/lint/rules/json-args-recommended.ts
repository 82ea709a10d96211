import { execFormFix } from '../exec-form.ts';
import { buildkitPage, type Rule } from '../rule.ts';

export const jsonArgsRecommended: Rule = {
  name: 'JSONArgsRecommended',
  codes: ['DL3025'],
  severity: 'warning',
  summary: 'CMD and ENTRYPOINT are JSON arrays',
  url: buildkitPage('json-args-recommended'),
  page: `Without the brackets the command is started by \`/bin/sh -c\`. The shell is then process 1 of the container: it
gets the signals, SIGTERM of \`docker stop\` among them, and does not pass them on, so that the program is killed ten
seconds later. An ENTRYPOINT in this form also ignores CMD and the arguments of \`docker run\`.

Where a shell is wanted (for a variable, say), name it: \`CMD ["sh", "-c", "exec app $OPTIONS"]\`, or state it with SHELL,
after which nothing is said.

An array that is not quite one (a comment behind it, single quotes, a comma that is missing) is a command line too, and the
shell looks for a program of the name \`["app",\`.`,
  examples: [
    {
      bad: 'FROM alpine\nENTRYPOINT my-app serve',
      at: [2],
      good: 'FROM alpine\nENTRYPOINT ["my-app", "serve"]',
    },
    {
      bad: 'FROM alpine\nCMD my-app $OPTIONS',
      at: [2],
      good: 'FROM alpine\nSHELL ["/bin/sh", "-c"]\nCMD my-app $OPTIONS',
    },
  ],
  check: ({ built }) =>
    built.flatMap(({ instruction, planned, before, at, spanOf }) => {
      if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') return [];
      const hasShell = (before.config.Shell ?? []).length > 0;
      if (instruction.command.form === 'exec' || hasShell) return [];
      const name = instruction.kind.toUpperCase();
      const broken = brokenArray(instruction.command.text?.text ?? '');
      const message =
        broken === undefined
          ? `${name} should be a JSON array, so that signals reach the program`
          : `${name} begins like a JSON array and is none, so a shell is given all of it, brackets too${broken}`;
      const fix = planned.trigger ? undefined : execFormFix(instruction.command);
      return [{ message, span: spanOf(instruction), at, ...(fix ? { fix } : {}) }];
    }),
};

/** Why a text that begins like an array of strings is none, as far as that can be told; undefined for any other text. */
function brokenArray(text: string): string | undefined {
  const written = text.trim();
  if (!/^\[\s*["']/.test(written)) return undefined;
  const end = written.lastIndexOf(']');
  if (end !== -1 && isArray(written.slice(0, end + 1)))
    return ': nothing may stand behind it, no comment either';
  if (isArray(written.replaceAll("'", '"'))) return ': its words are in double quotes';
  if (/["']\s+["']/.test(written)) return ': its words have commas between them';
  return '';
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
