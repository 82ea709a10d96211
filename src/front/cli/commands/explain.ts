// `mille explain`.

import type { App, ExplainedPage, Language } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import { nearest, renderExplainable, renderExplained, renderExplainedFile } from '../../report/index.ts';
import { BUILD_FLAGS } from '../build-flags.ts';
import { hasColor } from '../color.ts';
import { buildArguments } from '../environment.ts';
import { localeLanguage } from '../locale.ts';
import { command } from '../spec.ts';

export const explain = command({
  name: 'explain',
  summary: 'Explain an instruction, a rule, a rewrite, or a question',
  usage: '[FLAGS] [INSTRUCTION [--FLAG] | RULE | REWRITE | QUESTION]  or  [FLAGS] -f DOCKERFILE [LINE]',
  description: [
    'Shows a page: of an instruction (CMD) what it does, its forms, what overrides it at build and at run, whether it makes a layer, what invalidates its cache, common mistakes, an example and what that comes to, and its flags; of a flag alone (COPY --chown); of a rule of the checks (JSONArgsRecommended, or the code that other linters have for it) why it is one, and an example; of a rewrite of mille optimize (dependencies-first); answers to questions (cmd-or-entrypoint, layers, cache, secrets). Without an argument it lists all of them.',
    'With -f it explains the lines of a Dockerfile: what an instruction comes to with its variables, its form, whether it makes a layer, what makes it run again (which files, which variables), what it cost when it was last built, and what mille lint finds in it. Without LINE it lists all instructions.',
    'Pages are in English and in French: with --lang fr, or where the locale (LC_ALL, LC_MESSAGES, LANG) is French. Those of rewrites are in English only.',
  ],
  flags: {
    'build-arg': BUILD_FLAGS['build-arg'],
    context: {
      kind: 'string',
      value: 'DIRECTORY',
      help: 'with -f: the build context; if not given, that of the last build, or where what is copied lies',
    },
    file: {
      kind: 'string',
      short: 'f',
      value: 'PATH',
      help: 'the Dockerfile whose lines are to be explained',
    },
    format: {
      kind: 'choice',
      choices: ['text', 'markdown', 'json'],
      default: 'text',
      help: 'text for terminals, markdown, or json for programs',
    },
    lang: { kind: 'choice', choices: ['en', 'fr'], help: "the language; the locale's if not given" },
  },
  arguments: { least: 0, most: 8 },
  takesFlagsAsArguments: true,
  examples: [
    { text: 'what CMD does, and what overrides it', command: 'mille explain CMD' },
    { text: 'one of its flags', command: 'mille explain COPY --chown' },
    { text: 'the difference', command: 'mille explain arg or env' },
    { text: 'a rule that a build warned about', command: 'mille explain JSONArgsRecommended' },
    { text: 'what line 7 depends on, and what it cost', command: 'mille explain -f Dockerfile 7' },
    { text: 'in French', command: 'mille explain --lang fr run-mount' },
  ],
  async run({ flags, args }, host) {
    const language = flags.lang ?? localeLanguage(host.env);
    const { terminal } = host;
    const columns = terminal.stdout || terminal.stderr ? host.size().columns : 80;
    const options = { format: flags.format, color: hasColor(host, 'stdout'), columns, language };
    const app = await host.app();
    if (flags.file !== undefined) {
      const line = lineOf(args);
      const { file, context } = flags;
      const explained = await app.explainFile({
        ...{ file, language, buildArgs: buildArguments(flags['build-arg'], host.env) },
        ...(context === undefined ? {} : { context }),
        ...(line === undefined ? {} : { line }),
      });
      host.out(renderExplainedFile(explained, { ...options, whole: line === undefined }));
      return 0;
    }
    if (flags.context !== undefined || flags['build-arg'].length > 0) {
      throw new MilleError('usage', '--context and --build-arg are for the lines of a Dockerfile', {
        hint: "write 'mille explain -f Dockerfile'",
      });
    }
    checkWords(args);
    host.out(
      args.length === 0
        ? renderExplainable(await app.explainable(language), options)
        : renderExplained(await pageAbout(app, args, language), options),
    );
    return 0;
  },
});

function checkWords(words: readonly string[]): void {
  if (words.every((word) => word.trim() !== '')) return;
  throw new MilleError('usage', 'what is to be explained cannot be empty', {
    hint: "'mille explain' lists what there is",
  });
}

/** The page; where there is none, a flag among the words may be one of this command, misspelt. */
async function pageAbout(app: App, words: readonly string[], language: Language): Promise<ExplainedPage> {
  try {
    return await app.explain(words, language);
  } catch (error) {
    for (const word of words.filter((one) => one.startsWith('--'))) {
      const near = nearest(word.slice(2).replace(/=.*/, ''), [...Object.keys(explain.flags), 'help']);
      if (near === undefined) continue;
      throw new MilleError('usage', `unknown flag ${word}`, { hint: `did you mean --${near}?` });
    }
    throw error;
  }
}

function lineOf(args: readonly string[]): number | undefined {
  const [text, ...others] = args;
  if (text === undefined) return undefined;
  if (others.length === 0 && /^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new MilleError('usage', `with -f there is one argument at most, a line: not '${args.join(' ')}'`, {
    hint: "write 'mille explain -f Dockerfile 7'; 'mille explain -f Dockerfile' lists the lines",
  });
}
