// What a target can be given, and which targets there are: tables for people, and the structure that
// `docker build --call=outline,format=json` and `--call=targets,format=json` have.

import type { OutlineResult, TargetsResult } from '../../app/index.ts';
import { looksSecret } from '../../core/index.ts';
import { base64, location } from './location.ts';
import { oneLine } from './sanitize.ts';
import { renderTable } from './table.ts';

type Outline = OutlineResult['outline'];

/** The tables of an outline; '' where a target takes nothing and has no name. */
export function renderOutline({ outline }: OutlineResult): string {
  const { name, description, args, secrets, ssh } = outline;
  const target = [
    ...(name === undefined && description === undefined ? [] : [`TARGET:      ${name ?? '(default)'}`]),
    ...(description === undefined ? [] : [`DESCRIPTION: ${oneLine(description)}`]),
  ];
  const tables = [
    ...(target.length === 0 ? [] : [`${target.join('\n')}\n`]),
    ...table(
      ['BUILD ARG', 'VALUE', 'DESCRIPTION'],
      args.map((arg) => [arg.name, shownValue(arg), arg.description ?? '']),
    ),
    ...table(['SECRET', 'REQUIRED'], secrets.map(mountRow)),
    ...table(['SSH', 'REQUIRED'], ssh.map(mountRow)),
  ];
  return tables.join('\n');
}

/** Docker's JSON of an outline. */
export function outlineJson({ source, outline }: OutlineResult): string {
  const { name, description, args, secrets, ssh } = outline;
  const document = {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...list(
      'args',
      args.map((arg) => ({
        name: arg.name,
        ...(arg.description === undefined ? {} : { description: arg.description }),
        ...(arg.value === '' ? {} : { value: shownValue(arg) }),
        location: location(arg.lines),
      })),
    ),
    ...list('secrets', secrets.map(mountJson)),
    ...list('ssh', ssh.map(mountJson)),
    sources: [base64(source.text)],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The table of targets. */
export function renderTargets({ targets }: TargetsResult): string {
  const rows = targets.map(({ name, description, isDefault }) => {
    const mark = isDefault ? '(default)' : '';
    return [[name, mark].filter(Boolean).join(' '), oneLine(description ?? '')];
  });
  return renderTable(['TARGET', 'DESCRIPTION'], rows);
}

/** Docker's JSON of the targets. */
export function targetsJson({ source, targets }: TargetsResult): string {
  const document = {
    targets: targets.map(({ name, description, isDefault, base, platform, lines }) => ({
      ...(name === undefined ? {} : { name }),
      ...(isDefault ? { default: true } : {}),
      ...(description === undefined ? {} : { description }),
      base,
      ...(platform === undefined ? {} : { platform }),
      location: location(lines),
    })),
    sources: [base64(source.text)],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** What was given for a name that sounds like a secret is not repeated. What the Dockerfile says is no secret. */
function shownValue({ name, value, given }: Outline['args'][number]): string {
  return given && value !== '' && looksSecret(name) ? '****' : value;
}

type Mount = Outline['secrets'][number];

function mountRow({ id, required }: Mount): readonly string[] {
  return [id, required ? 'true' : ''];
}

function mountJson({ id, required, lines }: Mount) {
  return { name: id, ...(required ? { required } : {}), location: location(lines) };
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0
    ? []
    : [
        renderTable(
          heads,
          rows.map((row) => row.map(oneLine)),
        ),
      ];
}

function list(name: string, items: readonly object[]): object {
  return items.length === 0 ? {} : { [name]: items };
}
