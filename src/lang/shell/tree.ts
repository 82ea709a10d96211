// A script as plain data. All offsets are into the text of the outermost script, also those of what is nested in
// quotes or backquotes.

/** `[start, end)` of the script's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A text for a shell, read. It exists for any text; what is wrong with it is in `errors`. */
export interface Script extends Range {
  /** The text of the outermost script, which all offsets are about. */
  readonly text: string;
  readonly statements: readonly Statement[];
  /** What the shell would refuse, here and in substitutions within, in the order of the text. */
  readonly errors: readonly ScriptError[];
  /** False where something in it was written with escapes, so that the text at its ranges reads otherwise. */
  readonly exact: boolean;
}

/** A place where a script cannot be read. */
export interface ScriptError {
  readonly message: string;
  readonly at: number;
}

/** What stands between `;`, `&` and line ends. */
export interface Statement extends Range {
  readonly node: ShellNode;
  readonly background: boolean;
}

/** A list `a; b` in the body of something. */
export interface StatementList extends Range {
  readonly statements: readonly Statement[];
}

/** Whatever can be executed. */
export type ShellNode =
  | SimpleCommand
  | Pipeline
  | AndOrList
  | Group
  | Conditional
  | Loop
  | CaseCommand
  | FunctionDefinition
  | TestCommand
  | ArithmeticCommand;

/** `NAME=value… word word… >file`. */
export interface SimpleCommand extends Range {
  readonly kind: 'command';
  /** Assignments in front. */
  readonly assignments: readonly Assignment[];
  /** Name and arguments; none where there are only assignments or redirections. */
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
}

/** `a | b`; alone with `!` or `time` in front too. */
export interface Pipeline extends Range {
  readonly kind: 'pipeline';
  readonly commands: readonly ShellNode[];
  /** `!` in front. */
  readonly negated: boolean;
}

/** `a && b || c`: operator `i` stands between `nodes[i]` and `nodes[i + 1]`. */
export interface AndOrList extends Range {
  readonly kind: 'and-or';
  readonly nodes: readonly ShellNode[];
  readonly operators: readonly ('&&' | '||')[];
}

/** `( … )` and `{ … }`. */
export interface Group extends Range {
  readonly kind: 'subshell' | 'group';
  readonly body: StatementList;
  readonly redirects: readonly Redirect[];
}

/** `if …; then …; elif …; else …; fi`. */
export interface Conditional extends Range {
  readonly kind: 'if';
  /** `if` and each `elif`. */
  readonly branches: readonly { readonly condition: StatementList; readonly body: StatementList }[];
  readonly otherwise?: StatementList;
  readonly redirects: readonly Redirect[];
}

/** `for`, `select`, `while`, `until`. */
export interface Loop extends Range {
  readonly kind: 'loop';
  readonly keyword: 'for' | 'select' | 'while' | 'until';
  /** What `for` and `select` set; absent for `for ((…))`. */
  readonly variable?: ShellWord;
  /** What stands after `in`; absent without it. */
  readonly items?: readonly ShellWord[];
  /** Of `while` and `until`. */
  readonly condition?: StatementList;
  readonly body: StatementList;
  readonly redirects: readonly Redirect[];
}

/** `case word in pattern) … esac`. */
export interface CaseCommand extends Range {
  readonly kind: 'case';
  readonly subject: ShellWord;
  readonly items: readonly { readonly patterns: readonly ShellWord[]; readonly body: StatementList }[];
  readonly redirects: readonly Redirect[];
}

/** `name() { … }`. */
export interface FunctionDefinition extends Range {
  readonly kind: 'function';
  readonly name: string;
  /** Written with the word `function`, which is not in POSIX. */
  readonly keyword: boolean;
  readonly body: readonly Statement[];
}

/** `[[ … ]]`. */
export interface TestCommand extends Range {
  readonly kind: 'test';
  readonly words: readonly ShellWord[];
  readonly operators: readonly string[];
  readonly redirects: readonly Redirect[];
}

/** `(( … ))`. */
export interface ArithmeticCommand extends Range {
  readonly kind: 'arithmetic';
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
}

/** `NAME=value`. */
export interface Assignment extends Range {
  readonly name: string;
  readonly append: boolean;
  /** The value; the elements of an array. An empty value is a word without text. */
  readonly values: readonly ShellWord[];
  readonly array: boolean;
}

/** `>file`, `2>&1`, `<<EOF`, `<<<word`. */
export interface Redirect extends Range {
  readonly operator: string;
  /** What stands after the operator; the body of a here-document. */
  readonly target?: ShellWord;
  readonly descriptor?: number;
}

/** A word. */
export interface ShellWord extends Range {
  /** As written. */
  readonly text: string;
  /** Without quotes and escapes; what the shell expands is there as written. */
  readonly value: string;
  /** Whether nothing in it is expanded, so that `value` is what the command gets. */
  readonly literal: boolean;
  readonly parts: readonly WordPart[];
}

/** What a part is within: `none` where the shell splits and matches what comes of it. */
export type Quoting = 'none' | 'single' | 'double';

interface PartBase extends Range {
  readonly text: string;
  readonly quoting: Quoting;
}

/** Text as it is. */
export interface LiteralPart extends PartBase {
  readonly kind: 'literal';
  readonly value: string;
  /** Written `$'…'` or `$"…"`, which is not in POSIX. */
  readonly dollar: boolean;
}

/** `$NAME` and `${NAME…}`. */
export interface VariablePart extends PartBase {
  readonly kind: 'variable';
  /** `HOME`, `1`, `@`. */
  readonly name: string;
  /** `:-`, `##`, `/`, `:`, `^^`…; absent where there is none. */
  readonly operator?: string;
  /** `${#NAME}` is its length, `${!NAME}` what it points to. */
  readonly prefix?: '#' | '!';
  /** An element of an array is meant. */
  readonly indexed: boolean;
  /** What stands after the operator. */
  readonly operands: readonly ShellWord[];
}

/** `$(…)`, backquotes, `<(…)`. */
export interface SubstitutionPart extends PartBase {
  readonly kind: 'substitution';
  readonly written: '$(' | '`' | '<(' | '>(';
  readonly script: Script;
}

/** `$((…))`. */
export interface ArithmeticPart extends PartBase {
  readonly kind: 'arithmetic';
  readonly words: readonly ShellWord[];
}

/** `*`, `?`, `[…]`, `{a,b}` and the patterns of extglob. */
export interface PatternPart extends PartBase {
  readonly kind: 'glob' | 'brace' | 'extglob';
  readonly parts: readonly WordPart[];
}

/** A piece of a word. */
export type WordPart = LiteralPart | VariablePart | SubstitutionPart | ArithmeticPart | PatternPart;
