// Secrets that a Dockerfile itself has: in ENV, ARG and LABEL by name and value, in command lines by what they say.

import { baseName, positionAt, type SourceText, type Span } from '../../core/index.ts';
import { type Instruction, inspectDockerfile, type Word } from '../../lang/dockerfile/index.ts';
import { adviceFor, type Detector, type FoundSecret, type Origin, scanCommand } from '../../secrets/index.ts';
import type { NewFinding } from './collect.ts';
import { ofPair } from './scan-config.ts';
import { showInstruction } from './show.ts';

/** A secret in a Dockerfile. */
export interface DockerfileSecret {
  readonly found: FoundSecret;
  readonly span: Span;
  readonly instruction: Instruction;
  readonly origin: Origin;
}

/** The secrets of a Dockerfile, in its order; what cannot be parsed is passed over. */
export async function secretsOfDockerfile(
  source: SourceText,
  detector: Detector,
): Promise<readonly DockerfileSecret[]> {
  const secrets: DockerfileSecret[] = [];
  for (const instruction of inspectDockerfile(source).dockerfile.instructions)
    secrets.push(...(await ofInstruction(instruction, detector)));
  return secrets;
}

async function ofInstruction(instruction: Instruction, detector: Detector): Promise<DockerfileSecret[]> {
  switch (instruction.kind) {
    case 'env':
    case 'label':
      return await ofPairs(instruction, detector, instruction.pairs);
    case 'arg':
      return await ofPairs(
        instruction,
        detector,
        instruction.args.flatMap(({ name, value }) => (value ? [{ key: name, value }] : [])),
      );
    case 'run':
    case 'cmd':
    case 'entrypoint':
    case 'healthcheck':
    case 'onbuild':
    case 'copy':
    case 'add':
    case 'from':
      return await ofCommand(instruction, detector);
    default:
      return [];
  }
}

async function ofPairs(
  instruction: Instruction,
  detector: Detector,
  pairs: readonly { readonly key: Word; readonly value: Word }[],
): Promise<DockerfileSecret[]> {
  const secrets: DockerfileSecret[] = [];
  for (const { key, value } of pairs) {
    const name = key.text;
    const found = await ofPair(detector, name, value.text.replace(/^(["'])(.*)\1$/s, '$2'));
    if (!found) continue;
    const { kind } = instruction;
    const origin: Origin =
      kind === 'label'
        ? { kind: 'label', name }
        : { kind: 'variable', name, instruction: kind === 'arg' ? 'ARG' : 'ENV' };
    secrets.push({ found, span: value.span, instruction, origin });
  }
  return secrets;
}

async function ofCommand(instruction: Instruction, detector: Detector): Promise<DockerfileSecret[]> {
  const { source, start, end } = instruction.span;
  const found = await scanCommand(source.text.slice(start, end), detector);
  return found.map((one) => ({
    found: one,
    span: { source, start: start + one.offset, end: start + one.offset + one.length },
    instruction,
    origin: { kind: 'command' },
  }));
}

/** The same as findings. */
export async function scanDockerfile(source: SourceText, detector: Detector): Promise<readonly NewFinding[]> {
  const secrets = await secretsOfDockerfile(source, detector);
  return secrets.map(({ found, span, instruction, origin }) => {
    const { rule, severity, shown, name } = found;
    const { line } = positionAt(source, span.start);
    return {
      ...{ rule, severity, shown },
      ...(name === undefined ? {} : { name }),
      where: 'dockerfile',
      path: source.name,
      offset: span.start,
      line,
      instruction: {
        text: maskedText(instruction, secrets),
        dockerfile: baseName(source.name),
        line: positionAt(source, instruction.span.start).line,
        fromBase: false,
      },
      visible: true,
      advice: adviceFor(origin),
    };
  });
}

/** The instruction of a line as it may be shown; undefined where there is none. */
export function instructionAt(
  source: SourceText,
  line: number,
  secrets: readonly DockerfileSecret[],
): string | undefined {
  const instruction = inspectDockerfile(source).dockerfile.instructions.find(
    ({ span }) =>
      positionAt(source, span.start).line <= line &&
      line <= positionAt(source, Math.max(span.start, span.end - 1)).line,
  );
  return instruction && maskedText(instruction, secrets);
}

/** An instruction without the secrets in it. */
function maskedText({ span }: Instruction, secrets: readonly DockerfileSecret[]): string {
  const { source, start, end } = span;
  const inside = secrets
    .filter((one) => one.span.start >= start && one.span.end <= end)
    .map(({ found, span: place }) => ({
      ...found,
      offset: place.start - start,
      length: place.end - place.start,
    }));
  return showInstruction(source.text.slice(start, end), inside);
}
