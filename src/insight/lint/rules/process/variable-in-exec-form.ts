import { about, placed } from '../../placed.ts';
import type { Rule } from '../../rule.ts';

export const variableInExecForm: Rule = {
  name: 'VariableInExecForm',
  severity: 'warning',
  summary: 'a variable in a JSON array is not expected to be replaced',
  page: `It is the shell that replaces \`$NAME\`, and the form with brackets has none: \`CMD ["app", "--port", "$PORT"]\` hands
the program five characters. Where a variable is needed name the shell, with \`exec\` so that the program takes its
place and gets the signals: \`CMD ["sh", "-c", "exec app --port \\"$PORT\\""]\`. Many programs read the variable
themselves.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nENV PORT=80\nCMD ["app", "--port", "$PORT"]',
      at: [3],
      good: 'FROM debian:trixie\nENV PORT=80\nCMD ["sh", "-c", "exec app --port \\"$PORT\\""]',
    },
  ],
  check: (subject) =>
    placed(subject, 'cmd', 'entrypoint', 'run').flatMap(({ instruction }) => {
      const { command } = instruction;
      if (command.form !== 'exec') return [];
      // Somebody who reads it: a shell, or a script that hands it to one.
      const isRead = command.args.some(({ text }) =>
        /(^|\/)(ba|da|a|k|z)?sh$|^(pwsh|powershell|cmd)(\.exe)?$|\.sh$|envsubst/i.test(text),
      );
      const word = command.args.find(({ text }) => /\$\{?[A-Za-z_]\w*\}?/.test(text));
      if (!word || isRead) return [];
      return [
        about(instruction, `no shell is there to replace ${/\$\{?\w+\}?/.exec(word.text)?.[0]}`, { word }),
      ];
    }),
};
