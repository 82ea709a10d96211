// Findings of several files as one list, with all that forms of output need of each.

import type { LintedFile } from '../../../app/index.ts';
import { type Diagnostic, positionAt } from '../../../core/index.ts';
import { oneLine } from '../sanitize.ts';

/** How findings are written. */
export interface LintStyle {
  /** Rules have hadolint's codes for names, and places its columns. */
  readonly hadolint: boolean;
  /** The path that is shown in the place of each file's own. */
  readonly shownPath?: string;
}

/** A finding and where it is. */
export interface LintFinding {
  readonly diagnostic: Diagnostic;
  readonly file: string;
  /** What it is called: the rule's name, or the code. */
  readonly id: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Exclusive. */
  readonly endColumn: number;
}

/** The findings of some files, in their order. */
export function findingsOf(files: readonly LintedFile[], style: LintStyle): readonly LintFinding[] {
  return files.flatMap(({ name, diagnostics }) =>
    diagnostics.map((diagnostic) => findingOf(style.shownPath ?? name, diagnostic, style)),
  );
}

function findingOf(file: string, diagnostic: Diagnostic, { hadolint }: LintStyle): LintFinding {
  const { rule, codes = [], span, lines } = diagnostic;
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, Math.max(span.start, span.end - 1));
  const message = oneLine(diagnostic.message);
  const base = { diagnostic, file, message };
  // hadolint means instructions, and knows no columns.
  if (hadolint) {
    const id = codes[0] ?? rule;
    return { ...base, id, line: lines.first, column: 1, endLine: lines.first, endColumn: 1 };
  }
  return {
    ...base,
    id: rule,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column + 1,
  };
}

/** Files with their findings; those without any too. */
export function byFile(files: readonly LintedFile[], style: LintStyle) {
  return files.map((file) => ({ name: style.shownPath ?? file.name, findings: findingsOf([file], style) }));
}

/** A number for what a finding is about, that does not change when lines above it do. */
export function fingerprint({ file, id, message, diagnostic }: LintFinding): string {
  const { span } = diagnostic;
  const text = [file, id, message, span.source.text.slice(span.start, span.end)].join('\0');
  return `${hash(text, 0xcbf29ce484222325n)}${hash(text, 0x84222325cbf29ce4n)}`;
}

/** FNV-1a, 64 bits. */
function hash(text: string, start: bigint): string {
  let value = start;
  for (const byte of new TextEncoder().encode(text)) {
    value = ((value ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return value.toString(16).padStart(16, '0');
}
