// The scripts of RUN as rules about the shell's language look at them: every node and word, gathered once.

import type { Fix } from '../../core/index.ts';
import {
  type PlacedWord,
  type Range,
  type Script,
  type ShellNode,
  type SimpleCommand,
  visitNodes,
  visitWords,
} from '../../lang/shell/index.ts';
import type { Finding } from './rule.ts';
import { type Run, runsOf } from './run-commands.ts';
import type { LintSubject } from './subject.ts';

/** A RUN whose script can be read, and what is in it. */
export interface ScannedRun {
  readonly run: Run;
  readonly script: Script;
  readonly nodes: readonly ShellNode[];
  readonly words: readonly PlacedWord[];
}

const kept = new WeakMap<LintSubject['runs'], readonly ScannedRun[]>();

/** The RUN that have a script. */
export function scannedRuns(subject: LintSubject): readonly ScannedRun[] {
  const known = kept.get(subject.runs);
  if (known) return known;
  const scanned = runsOf(subject).flatMap((run): ScannedRun[] => {
    if (!run.script) return [];
    const nodes: ShellNode[] = [];
    const words: PlacedWord[] = [];
    visitNodes(run.script, (node) => nodes.push(node));
    visitWords(run.script, (word) => words.push(word));
    return [{ run, script: run.script, nodes, words }];
  });
  kept.set(subject.runs, scanned);
  return scanned;
}

/** A finding about a piece of a script. */
export function aboutPiece(
  run: Run,
  piece: Range,
  { fix, ...rest }: Pick<Finding, 'message' | 'codes' | 'severity'> & { readonly fix?: Fix | undefined },
): Finding {
  return { ...rest, span: run.facts.spanOf(piece), at: run.at, ...(fix ? { fix } : {}) };
}

/** The name of a simple command, where it is written out. */
export function nameOf(node: ShellNode): string {
  if (node.kind !== 'command') return '';
  const [first] = node.words;
  return first?.literal ? first.value.slice(first.value.lastIndexOf('/') + 1) : '';
}

const simple = new WeakMap<ScannedRun['nodes'], readonly SimpleCommand[]>();

/** The simple commands among the nodes; most rules ask for them. */
export function simpleCommands({ nodes }: Pick<ScannedRun, 'nodes'>): readonly SimpleCommand[] {
  const known = simple.get(nodes);
  if (known) return known;
  const found = nodes.filter((node): node is SimpleCommand => node.kind === 'command');
  simple.set(nodes, found);
  return found;
}

/** Whether `set -e` is in force: by SHELL, or by the script itself. */
export function hasErrexit({ run }: Pick<ScannedRun, 'run'>): boolean {
  return (
    run.shell.errexit ||
    run.commands.some(
      ({ name, args }) =>
        name === 'set' &&
        args.some(
          ({ text }, index) =>
            /^-[a-zA-Z]*e/.test(text) || (text === 'errexit' && /o$/.test(args[index - 1]?.text ?? '')),
        ),
    )
  );
}
