// What a RUN in shell form with here-documents really runs. A lone here-document is the script itself, or, when it
// begins with `#!`, a program; in any other line the shell is given line and bodies, and reads them itself.

import { chompHeredoc, parseHeredocWord } from './heredoc.ts';
import type { RunInstruction } from './instruction.ts';

/** `shell`: a text for the SHELL in force. `file`: a program of that name and content, to be put in a container. */
export type RunScript =
  | { readonly kind: 'exec'; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly content: string };

/** The command of a RUN with its here-documents put in. Nothing is expanded: that is the shell's work. */
export function runScript(run: RunInstruction): RunScript {
  if (run.command.form === 'exec') return { kind: 'exec', args: run.command.args.map((word) => word.text) };
  const text = run.command.text?.text ?? '';
  const first = run.heredocs[0];
  if (!first) return { kind: 'shell', text };
  const alone = parseHeredocWord(text);
  if (alone) {
    const content = first.chomp ? chompHeredoc(first.content) : first.content;
    // As written: a tab that `<<-` takes away in front of the #! makes it a text for the shell, as in BuildKit.
    return first.content.startsWith('#!')
      ? { kind: 'file', name: first.name, content }
      : { kind: 'shell', text: content };
  }
  const bodies = run.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`);
  return { kind: 'shell', text: text + bodies.join('') };
}
