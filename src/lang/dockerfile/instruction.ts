// The instructions as typed values, one interface each. Nothing is expanded here: every word still carries its
// variables and quotes, and the place where it was written. Names follow the Dockerfile reference.

import type { Span } from '../../core/index.ts';
import type { Heredoc, InstructionNode, Word } from './tree.ts';

interface InstructionBase {
  /** The whole instruction with its here-documents, without the line end. */
  readonly span: Span;
  /** The joined line, trimmed: what progress and history show. Here-document bodies are not in it. */
  readonly text: string;
  readonly node: InstructionNode;
}

/** `FROM [--platform=…] base [AS name]`. */
export interface FromInstruction extends InstructionBase {
  readonly kind: 'from';
  readonly base: Word;
  readonly platform?: Word;
  /** The name after AS as written; `name` is the same in lower case, as stages are looked up. */
  readonly as?: Word;
  readonly name?: string;
}

/** One `NAME` or `NAME=default` of ARG. */
export interface ArgDeclaration {
  readonly name: Word;
  readonly value?: Word;
  /** The comment above that starts with the name, as `--call=outline` shows it. */
  readonly description?: string;
}

export interface ArgInstruction extends InstructionBase {
  readonly kind: 'arg';
  readonly args: readonly ArgDeclaration[];
}

/** A key and its value; both are to be expanded. */
export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
}

export interface EnvInstruction extends InstructionBase {
  readonly kind: 'env';
  readonly pairs: readonly KeyValue[];
  /** Written in the old form `ENV key value`. */
  readonly legacy: boolean;
}

export interface LabelInstruction extends InstructionBase {
  readonly kind: 'label';
  readonly pairs: readonly KeyValue[];
  readonly legacy: boolean;
}

/**
 * A command line. Shell form: one text for the SHELL in force, absent for an empty one. Exec form: the JSON array.
 */
export type CommandLine =
  | { readonly form: 'shell'; readonly text?: Word }
  | { readonly form: 'exec'; readonly args: readonly Word[] };

/** `--mount=…` split into its fields; `resolveMount` expands, checks and types them. */
export interface MountFlag {
  readonly word: Word;
  readonly fields: readonly MountField[];
}

/** `key=value` or `key`; the key in lower case. */
export interface MountField {
  readonly key: string;
  readonly value?: string;
  readonly text: string;
}

export interface RunInstruction extends InstructionBase {
  readonly kind: 'run';
  readonly command: CommandLine;
  readonly heredocs: readonly Heredoc[];
  readonly mounts: readonly MountFlag[];
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
  readonly devices: readonly Word[];
}

/** A file made from a here-document. */
export interface InlineFile {
  readonly name: string;
  /** Leading tabs already dropped where `<<-` asks for it; variables not yet expanded. */
  readonly content: string;
  readonly expand: boolean;
  readonly span: Span;
}

interface FileTransfer extends InstructionBase {
  readonly sources: readonly Word[];
  readonly inlineFiles: readonly InlineFile[];
  readonly destination: Word;
  readonly chown?: Word;
  readonly chmod?: Word;
  readonly link: boolean;
  readonly exclude: readonly Word[];
}

export interface CopyInstruction extends FileTransfer {
  readonly kind: 'copy';
  readonly from?: Word;
  readonly parents: boolean;
}

export interface AddInstruction extends FileTransfer {
  readonly kind: 'add';
  readonly checksum?: Word;
  readonly keepGitDir?: boolean;
  readonly unpack?: boolean;
}

export interface WorkdirInstruction extends InstructionBase {
  readonly kind: 'workdir';
  readonly path: Word;
}

export interface UserInstruction extends InstructionBase {
  readonly kind: 'user';
  readonly user: Word;
}

export interface ExposeInstruction extends InstructionBase {
  readonly kind: 'expose';
  /** Sorted as texts, as BuildKit does before it expands them; each may expand to several words. */
  readonly ports: readonly Word[];
}

export interface VolumeInstruction extends InstructionBase {
  readonly kind: 'volume';
  readonly volumes: readonly Word[];
}

export interface CmdInstruction extends InstructionBase {
  readonly kind: 'cmd';
  readonly command: CommandLine;
}

export interface EntrypointInstruction extends InstructionBase {
  readonly kind: 'entrypoint';
  readonly command: CommandLine;
}

export interface ShellInstruction extends InstructionBase {
  readonly kind: 'shell';
  readonly shell: readonly Word[];
}

export interface StopsignalInstruction extends InstructionBase {
  readonly kind: 'stopsignal';
  readonly signal: Word;
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly kind: 'healthcheck';
  /** Absent for `HEALTHCHECK NONE`. */
  readonly command?: CommandLine;
  /** Durations in nanoseconds, as the image config holds them; 0 where the flag is absent. */
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
  readonly startInterval: number;
  readonly retries: number;
}

export interface OnbuildInstruction extends InstructionBase {
  readonly kind: 'onbuild';
  /** The keyword of the trigger in lower case; the trigger itself is parsed where it fires (`parseTrigger`). */
  readonly trigger: string;
  /** What the image config keeps: the joined line after ONBUILD, here-documents appended. */
  readonly expression: string;
}

export interface MaintainerInstruction extends InstructionBase {
  readonly kind: 'maintainer';
  readonly maintainer: Word;
}

export type Instruction =
  | FromInstruction
  | ArgInstruction
  | EnvInstruction
  | LabelInstruction
  | RunInstruction
  | CopyInstruction
  | AddInstruction
  | WorkdirInstruction
  | UserInstruction
  | ExposeInstruction
  | VolumeInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ShellInstruction
  | StopsignalInstruction
  | HealthcheckInstruction
  | OnbuildInstruction
  | MaintainerInstruction;

/** An instruction that stands inside a stage. */
export type StageInstruction = Exclude<Instruction, FromInstruction>;
