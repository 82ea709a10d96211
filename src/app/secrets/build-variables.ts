// Secrets that a build is given as ARG and ENV, or that stand in commands of its Dockerfile. Names alone are the
// business of the checks (SecretsUsedInArgOrEnv); here it is values.

import { type Diagnostic, MilleError, type SourceText, type Span } from '../../core/index.ts';
import { inspectDockerfile } from '../../lang/dockerfile/index.ts';
import { type Allowed, type Detector, REVOKE, ruleSummary } from '../../secrets/index.ts';
import { ofPair } from './scan-config.ts';
import { secretsOfDockerfile } from './scan-dockerfile.ts';

/** What a build was given. */
export interface GivenVariables {
  readonly source: SourceText;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What the checks found: they have pointed at some of it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A warning with its place. */
export interface VariableWarning {
  readonly message: string;
  readonly hint: string;
  readonly span: Span;
}

/**
 * Looks at the Dockerfile and at the build arguments that it declares.
 * @throws MilleError `secrets-found` where a secret is an error
 */
export async function variableWarnings(
  given: GivenVariables,
  {
    strict,
    allowed,
    detector,
  }: { readonly strict: boolean; readonly allowed: Allowed; readonly detector: Detector },
): Promise<readonly VariableWarning[]> {
  const all = [
    ...(await ofDockerfile(given, detector, strict)),
    ...(await ofArguments(given, detector, strict)),
  ];
  const warnings = all.filter(
    ({ rule, name }) =>
      !allowed.passes({ rule, path: given.source.name, ...(name === undefined ? {} : { name }) }),
  );
  const [first] = warnings;
  if (strict && first)
    throw new MilleError('secrets-found', first.message, {
      hint: `${first.hint}. ${REVOKE}`,
      span: first.span,
    });
  return warnings.map(({ message, hint, span }) => ({ message, hint, span }));
}

interface Found extends VariableWarning {
  readonly rule: string;
  readonly name: string | undefined;
}

async function ofDockerfile(
  { source, diagnostics }: GivenVariables,
  detector: Detector,
  strict: boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const { found: one, span, instruction, origin } of await secretsOfDockerfile(source, detector)) {
    // Files made by here-documents are looked at as files; of addresses neither history nor records keep passwords.
    if (instruction.kind === 'copy' || instruction.kind === 'add') continue;
    const told = diagnostics.some(
      (other) =>
        other.rule === 'SecretsUsedInArgOrEnv' &&
        overlaps(other.span, instruction.span) &&
        named(other, one.name),
    );
    if (told && !strict) continue;
    const { rule, name, shown } = one;
    const value = shown === '***' ? '' : `, ${shown}`;
    const what =
      name === undefined
        ? ruleSummary(rule)
        : `the value of ${name}${rule === 'variable' ? '' : ` is ${ruleSummary(rule)}`}`;
    const keyword = instruction.kind.toUpperCase();
    found.push({
      rule,
      name,
      span,
      message: `a secret in ${keyword} stays in the image, for everybody to read: ${what}${value}`,
      hint: hintFor(origin.kind === 'variable' ? origin.name : undefined, keyword),
    });
  }
  return found;
}

/** Build arguments end up in the history, with their values, of every RUN after the ARG. */
async function ofArguments(
  { source, buildArgs, diagnostics }: GivenVariables,
  detector: Detector,
  strict: boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  const seen = new Set<string>();
  for (const instruction of inspectDockerfile(source).dockerfile.instructions) {
    if (instruction.kind !== 'arg') continue;
    for (const { name: word } of instruction.args) {
      const name = word.text;
      const value = Object.hasOwn(buildArgs, name) ? buildArgs[name]! : undefined;
      if (value === undefined || seen.has(name)) continue;
      seen.add(name);
      const one = await ofPair(detector, name, value);
      if (!one) continue;
      const told = diagnostics.some(
        ({ rule, span }) => rule === 'SecretsUsedInArgOrEnv' && overlaps(span, instruction.span),
      );
      if (told && one.rule === 'variable' && !strict) continue;
      found.push({
        rule: one.rule,
        name,
        span: word.span,
        message: `the value of --build-arg ${name} looks like a secret, and stays in the history of the image`,
        hint: hintFor(name, 'ARG'),
      });
    }
  }
  return found;
}

function hintFor(name: string | undefined, keyword: string): string {
  if (name === undefined)
    return `give it to the command as a mount: RUN --mount=type=secret,id=NAME and --secret id=NAME,src=FILE`;
  const id = name.toLowerCase();
  const mount = `RUN --mount=type=secret,id=${id},env=${name} and --secret id=${id},env=${name}`;
  const instead =
    keyword === 'ENV'
      ? `give it to the container when it runs (-e ${name}); to a command of the build, ${mount}`
      : mount;
  return `${instead}. If it is none: --secrets-allow ${name}`;
}

function overlaps(a: Span, b: Span): boolean {
  return a.source.name === b.source.name && a.start < b.end && b.start < a.end;
}

function named({ message }: Diagnostic, name: string | undefined): boolean {
  return name !== undefined && message.includes(`'${name}'`);
}
