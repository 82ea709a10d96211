// `mille parse`.

import { renderParsed } from '../../report/index.ts';
import { command } from '../spec.ts';

export const parse = command({
  name: 'parse',
  summary: "Show a Dockerfile as BuildKit's parser sees it",
  usage: '[FLAGS] FILE | -',
  description: [
    'Prints each instruction with its flags, its arguments, its here-documents and its lines. Only the syntax is read: what an instruction means, whether it has a flag and whether the file has a FROM, is found out by build.',
    'Arguments are words (ADD, COPY, FROM, ARG, EXPOSE, VOLUME), keys and values in turn (ENV, LABEL), one text (RUN, CMD, ENTRYPOINT, SHELL, WORKDIR, USER, STOPSIGNAL, MAINTAINER), or the elements of a JSON array, and then "json" is true. HEALTHCHECK has its first word before the command. Nothing is expanded, and quotes of words stay.',
    'ONBUILD has the keyword of its trigger and the arguments of that as arguments, and the trigger once more by itself, with its flags, as "trigger". A word that is no instruction is shown with one empty argument, for BuildKit drops what follows it.',
  ],
  flags: {
    json: {
      kind: 'boolean',
      help: 'a JSON array of {instruction, flags, args, heredocs, line, endLine} instead of a listing',
    },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'what mille reads in a Dockerfile', command: 'mille parse Dockerfile' },
    {
      text: 'the commands of all RUN, for another program',
      command: 'mille parse --json Dockerfile | jq -r \'.[] | select(.instruction == "run") | .args[]\'',
    },
  ],
  async run({ flags, args }, host) {
    const instructions = await (await host.app()).parse(args[0]!);
    host.out(renderParsed(instructions, flags.json ? 'json' : 'listing'));
    return 0;
  },
});
