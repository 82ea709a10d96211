// `mille explain`.

import { MilleError } from '../../../core/index.ts';
import { renderExplainable, renderExplained } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { localeLanguage } from '../locale.ts';
import { command } from '../spec.ts';

export const explain = command({
  name: 'explain',
  summary: 'Explain an instruction of Dockerfiles, a rule, or a question',
  usage: '[FLAGS] [INSTRUCTION | RULE | QUESTION]',
  description: [
    'Shows a page: of an instruction (CMD) what it does, its forms, what overrides it at build and at run, whether it makes a layer, what invalidates its cache, common mistakes, an example and what that comes to; of a rule of the checks (JSONArgsRecommended, or the code that other linters have for it) why it is one, and an example; answers to questions (cmd-or-entrypoint, layers, cache, secrets). Without an argument it lists all of them.',
    'Pages are in English, and those of instructions and questions also in French: with --lang fr, or where the locale (LC_ALL, LC_MESSAGES, LANG) is French.',
  ],
  flags: {
    format: {
      kind: 'choice',
      choices: ['text', 'markdown', 'json'],
      default: 'text',
      help: 'text for terminals, markdown, or json for programs',
    },
    lang: { kind: 'choice', choices: ['en', 'fr'], help: "the language; the locale's if not given" },
    mount: {
      kind: 'choice',
      choices: ['bind', 'cache', 'secret', 'ssh', 'tmpfs'],
      bare: 'bind',
      help: 'with RUN: the page about its mounts',
    },
  },
  arguments: { least: 0, most: 8 },
  examples: [
    { text: 'what CMD does, and what overrides it', command: 'mille explain CMD' },
    { text: 'the difference', command: 'mille explain arg or env' },
    { text: 'a rule that a build warned about', command: 'mille explain JSONArgsRecommended' },
    { text: 'in French', command: 'mille explain --lang fr run-mount' },
  ],
  async run({ flags, args }, host) {
    if (args.some((word) => word.trim() === '')) {
      throw new MilleError('usage', 'what is to be explained cannot be empty', {
        hint: "'mille explain' lists what there is",
      });
    }
    const words = flags.mount === undefined ? args : ['run-mount'];
    if (flags.mount !== undefined && args.some((word) => word.toLowerCase() !== 'run')) {
      throw new MilleError('usage', '--mount belongs to RUN', { hint: "write 'mille explain RUN --mount'" });
    }
    const language = flags.lang ?? localeLanguage(host.env);
    const app = await host.app();
    const { terminal } = host;
    const columns = terminal.stdout || terminal.stderr ? host.size().columns : 80;
    const options = { format: flags.format, color: hasColor(host, 'stdout'), columns };
    host.out(
      words.length === 0
        ? renderExplainable(await app.explainable(language), { ...options, language })
        : renderExplained(await app.explain(words, language), options),
    );
    return 0;
  },
});
