// `mille expand`.

import { renderExpanded } from '../../report/index.ts';
import { command } from '../spec.ts';

export const expand = command({
  name: 'expand',
  summary: 'Expand words with variables as a Dockerfile does',
  usage: '[FLAGS] FILE | -',
  description: [
    'FILE is a JSON array of {"word": TEXT, "env": {NAME: VALUE}}. Each word is expanded with its variables, and quotes and escapes are removed, as for ENV, COPY and the others whose arguments are expanded. With "words": true the result is split into words, as for EXPOSE; "escape" is the escape character, a backslash by default.',
    'With --json a JSON array is printed: of each word the text, a list of words where "words" is true, or null where the expansion is an error, as with ${NAME:?message}.',
  ],
  flags: {
    json: { kind: 'boolean', help: 'a JSON array of the results instead of a listing' },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    {
      text: 'what ${V%.*} makes of 1.2.3',
      command: `echo '[{"word": "\${V%.*}", "env": {"V": "1.2.3"}}]' | mille expand -`,
    },
  ],
  async run({ flags, args }, host) {
    const words = await (await host.app()).expand(args[0]!);
    host.out(renderExpanded(words, flags.json ? 'json' : 'listing'));
    return 0;
  },
});
