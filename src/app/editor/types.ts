// What a language server asks about files that are being edited.

import type { Diagnostic, SourceText } from '../../core/index.ts';
import type { Language, LineFacts } from '../../insight/explain/index.ts';
import type { LintSettings } from '../../insight/lint/index.ts';

/** How to look at files. */
export interface EditorRequest {
  readonly settings: LintSettings;
  /** The build context of all of them; by default each file's own. */
  readonly context?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly language: Language;
}

/** A file as it stands in the editor. */
export interface EditedFile {
  /** Absolute; absent for one that was never saved. */
  readonly path?: string;
  readonly text: string;
}

/** What is known of it. */
export interface EditorView {
  /** The text that places are in. */
  readonly source: SourceText;
  /** In the order of the file; what keeps it from being built among them. */
  readonly findings: readonly Diagnostic[];
  readonly lines: readonly LineFacts[];
}

/** A page in short, for where there is little room. */
export interface ShortPage {
  readonly name: string;
  readonly summary: string;
  readonly markdown: string;
}

/** Something in words. */
export interface Explained {
  readonly markdown: string;
  /** What it is about, where that is less than a line: offsets, `end` exclusive. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** Looks at files for as long as an editor is open. */
export interface Editor {
  /** Never throws for what is wrong with the file. */
  look(file: EditedFile): Promise<EditorView>;
  /**
   * What stands at an offset of the text in words: a flag, else the line with what its keyword means. Undefined where there
   * is no instruction.
   */
  hover(view: EditorView, offset: number): Explained | undefined;
  /** The pages of all instructions, in short. */
  readonly instructions: readonly ShortPage[];
  /** The flags that an instruction takes; their names with `=` where a value follows. */
  flags(keyword: string): readonly ShortPage[];
  /** What can stand behind `--mount=type=`, and in the fields of a mount. */
  readonly mounts: { readonly types: readonly ShortPage[]; readonly fields: readonly ShortPage[] };
  /** The text of a file with lines at its end, and what was there; undefined where it is not there yet. */
  withLines(
    path: string,
    lines: readonly string[],
  ): { readonly before: string | undefined; readonly after: string };
  /** Files have changed: contexts are looked at again. */
  forget(): void;
}

/** The verbs. */
export interface EditorVerbs {
  openEditor(request: EditorRequest): Promise<Editor>;
}
