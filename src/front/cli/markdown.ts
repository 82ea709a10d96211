// The manual pages of docs/commands, from the commands' specs. `scripts/generate-docs.ts` writes them.

import { flagHead, flagText, sortedFlags } from './help.ts';
import type { Command } from './spec.ts';
import { wrapText } from './wrap.ts';

const COLUMNS = 110;

/** What the page of a command is called. */
export function pageName({ name }: Pick<Command, 'name'>): string {
  return name.replaceAll(' ', '-');
}

/** The page of one command. */
export function commandPage(command: Command): string {
  const lines = [
    `# mille ${command.name}`,
    '',
    `${command.summary}.`,
    '',
    '```',
    `mille ${command.name} ${command.usage}`.trimEnd(),
    '```',
  ];
  if (command.aliases && command.aliases.length > 0) {
    lines.push('', `Also: ${command.aliases.map((alias) => `\`mille ${alias}\``).join(', ')}.`);
  }
  for (const paragraph of command.description ?? []) lines.push('', ...wrapText(paragraph, COLUMNS));
  const flags = sortedFlags(command);
  if (flags.length > 0) lines.push('', '## Flags', '', '| flag | meaning |', '| --- | --- |');
  for (const [name, spec] of flags) {
    lines.push(`| \`${cell(flagHead(name, spec).trim())}\` | ${cell(flagText(spec))} |`);
  }
  if (command.examples.length > 0) lines.push('', '## Examples');
  for (const { text, command: line } of command.examples) {
    lines.push('', `${capital(text)}:`, '', '```sh', line, '```');
  }
  const docker = command.docker;
  if (docker && docker.unsupported.length > 0) {
    const names = docker.unsupported.map((flag) => `\`--${flag.split(',')[0]}\``).join(', ');
    const text = `These flags of \`docker ${docker.command}\` are not supported yet; each says so and ends with status 2: ${names}.`;
    lines.push('', '## Not supported yet', '', ...wrapText(text, COLUMNS));
    const hints = Object.entries(docker.hints ?? {});
    if (hints.length > 0) lines.push('', ...hints.map(([flag, hint]) => `- \`--${flag}\`: ${hint}`));
  }
  return `${lines.join('\n')}\n`;
}

/** The list of all commands. */
export function commandIndex(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) => `| [mille ${command.name}](${pageName(command)}.md) | ${cell(command.summary)} |`,
  );
  return `${['# Commands', '', '| command | what it does |', '| --- | --- |', ...rows].join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
