// Help for terminals, from the commands' specs. All of its text is ASCII: loading `report` to measure it would take
// half of the time in which help should be there.

import type { Command, FlagSpec } from './spec.ts';
import { wrapText } from './wrap.ts';

const COLUMNS = 80;

/** `mille help`: what there is. */
export function helpOverview(commands: readonly Pick<Command, 'name' | 'summary'>[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3;
  return `${[
    'mille builds container images from Dockerfiles, without a daemon.',
    '',
    'Usage: mille COMMAND [FLAGS] [ARGUMENTS]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    "'mille image ls|rm|tag|inspect|history|save|load|pull' work as in Docker.",
    "'mille help COMMAND' or 'mille COMMAND --help' tells more about a command.",
    '',
    'Environment:',
    '  MILLE_ROOT               where images are kept',
    '  MILLE_CA                 CA bundle for RUN: host, or a path (build --ca)',
    '  MILLE_OFFLINE            1: ask nobody, as with --offline',
    '  MILLE_MAX_STORE          what the store may take: 20GB (docs/disk.md)',
    '  SOURCE_DATE_EPOCH        build reproducibly, with this time',
    '  BUILDKIT_PROGRESS        default of --progress',
    '  DOCKER_DEFAULT_PLATFORM  default of --platform',
    '  NO_COLOR                 no colours',
  ].join('\n')}\n`;
}

/** `mille COMMAND --help`. */
export function helpCommand(command: Command): string {
  const lines = [`Usage: mille ${command.name} ${command.usage}`.trimEnd(), '', `${command.summary}.`];
  for (const paragraph of command.description ?? []) lines.push('', ...wrapText(paragraph, COLUMNS));
  if (command.aliases && command.aliases.length > 0) {
    const aliases = command.aliases.map((alias) => `mille ${alias}`).join(', ');
    lines.push('', ...wrapText(`Aliases: ${aliases}`, COLUMNS));
  }
  const flags = sortedFlags(command);
  if (flags.length > 0) lines.push('', 'Flags:');
  const heads = flags.map(([name, spec]) => flagHead(name, spec));
  const width = Math.min(28, Math.max(0, ...heads.map((head) => head.length)) + 4);
  flags.forEach(([, spec], i) => {
    const head = `  ${heads[i]!}`;
    const texts = wrapText(flagText(spec), COLUMNS - width);
    const beside = head.length + 2 <= width ? head.padEnd(width) + (texts.shift() ?? '') : head;
    lines.push(beside, ...texts.map((text) => ' '.repeat(width) + text));
  });
  if (command.examples.length > 0) lines.push('', 'Examples:');
  for (const { text, command: line } of command.examples) lines.push(`  # ${text}`, `  ${line}`);
  return `${lines.join('\n')}\n`;
}

/** The flags of a command by their names, those that it shares with others among its own. */
export function sortedFlags(command: Command): [name: string, spec: FlagSpec][] {
  return Object.entries(command.flags).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `-t, --tag NAME`. */
export function flagHead(name: string, spec: FlagSpec): string {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  return `${short}--${name}${placeholder(spec)}`;
}

function placeholder(spec: FlagSpec): string {
  if (spec.kind === 'boolean') return '';
  if (spec.kind !== 'choice') return spec.bare === undefined ? ` ${spec.value}` : `[=${spec.value}]`;
  const choices = spec.choices.join('|');
  return spec.bare === undefined ? ` ${choices}` : `[=${choices}]`;
}

/** The flag's sentence, with what a reader needs to know of its kind. */
export function flagText(spec: FlagSpec): string {
  const several = spec.kind === 'list' ? '; may be repeated' : '';
  const preset = 'default' in spec && spec.default !== undefined ? ` (default ${spec.default})` : '';
  return spec.help + several + preset;
}
