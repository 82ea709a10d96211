// Variables outside the stages: the platform arguments every build has, and ARG before the first FROM. FROM lines
// expand them; a stage sees one once it declares it without a default.

import {
  type ArgInstruction,
  type Dockerfile,
  type Escape,
  expandWord,
} from '../../lang/dockerfile/index.ts';
import { formatPlatform, type Platform, parsePlatform } from '../../oci/image/index.ts';

/** Build arguments that every RUN sees undeclared, and that enter neither key nor history while they are. */
const PROXIES = new Set(['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy']);

/** Build arguments that are addressed to the builder, and so are never reported as unused. */
const BUILDER_ARGUMENT =
  /^(BUILDKIT_.*|SOURCE_DATE_EPOCH|(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/;

/** Values of build arguments, by name. */
export type BuildArgs = Readonly<Record<string, string>>;

/** The value of a build argument; names such as `constructor` are ordinary. */
export function buildArg(args: BuildArgs, name: string): string | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

/** What the variables outside the stages depend on. */
export interface GlobalScopeOptions {
  readonly dockerfile: Dockerfile;
  readonly hostPlatform: Platform;
  /** As written by the user; the host's by default. */
  readonly platform?: string;
  readonly target?: string;
  readonly buildArgs?: BuildArgs;
}

/** The platform that is built for. @throws MilleError `platform-unsupported` */
export function targetPlatform({ platform, hostPlatform }: GlobalScopeOptions): Platform {
  return platform === undefined ? hostPlatform : parsePlatform(platform, hostPlatform);
}

/**
 * The variables that FROM lines see.
 * @param given the build arguments that ARG takes: all of them by default
 * @throws MilleError `expansion`, `platform-unsupported`
 */
export function globalScope(
  options: GlobalScopeOptions,
  given: BuildArgs = options.buildArgs ?? {},
): ReadonlyMap<string, string> {
  const { dockerfile, hostPlatform, target, buildArgs = {} } = options;
  const platforms = platformArguments({
    build: hostPlatform,
    target: targetPlatform(options),
    stage: target ?? dockerfile.stages.at(-1)?.from.name ?? '',
    buildArgs,
  });
  return withGlobalArgs(platforms, dockerfile.globalArgs, { buildArgs: given, escape: dockerfile.escape });
}

/** `BUILDPLATFORM`, `TARGETARCH` and their kin; a build argument of the name takes the place of each. */
function platformArguments({
  build,
  target,
  stage,
  buildArgs,
}: {
  readonly build: Platform;
  readonly target: Platform;
  /** The name of the target stage, '' for one without. */
  readonly stage: string;
  readonly buildArgs: BuildArgs;
}): Map<string, string> {
  const values: [string, string][] = [
    ['BUILDPLATFORM', formatPlatform(build)],
    ['BUILDOS', build.os],
    ['BUILDOSVERSION', ''],
    ['BUILDARCH', build.architecture],
    ['BUILDVARIANT', build.variant ?? ''],
    ['TARGETPLATFORM', formatPlatform(target)],
    ['TARGETOS', target.os],
    ['TARGETOSVERSION', ''],
    ['TARGETARCH', target.architecture],
    ['TARGETVARIANT', target.variant ?? ''],
    ['TARGETSTAGE', stage === '' ? 'default' : stage],
  ];
  return new Map(values.map(([name, value]) => [name, buildArg(buildArgs, name) ?? value]));
}

/**
 * Adds ARG before the first FROM to a scope: a build argument wins over the default, which may use earlier ones.
 * @throws MilleError `expansion`
 */
function withGlobalArgs(
  scope: ReadonlyMap<string, string>,
  instructions: readonly ArgInstruction[],
  options: { readonly buildArgs: BuildArgs; readonly escape: Escape },
): ReadonlyMap<string, string> {
  const result = new Map(scope);
  for (const { name, value } of instructions.flatMap((instruction) => instruction.args)) {
    const given = buildArg(options.buildArgs, name.text);
    const lookup = (variable: string): string | undefined => result.get(variable);
    const text = given ?? (value ? expandWord(value, { lookup, escape: options.escape }).text : undefined);
    if (text !== undefined) result.set(name.text, text);
  }
  return result;
}

/** The proxy arguments among the build arguments, in both cases of their names, for the environment of RUN. */
export function proxyVariables(buildArgs: BuildArgs): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const name of Object.keys(buildArgs).sort()) {
    const lower = name.toLowerCase();
    const value = buildArgs[name] as string;
    if (!PROXIES.has(lower) || value === '') continue;
    result[lower.toUpperCase()] = value;
    result[lower] = value;
  }
  return result;
}

/** Build arguments that no ARG of the file declares and that mean nothing by themselves, sorted. */
export function unusedArguments(
  buildArgs: BuildArgs,
  declared: readonly ArgInstruction[],
): readonly string[] {
  const names = new Set(declared.flatMap((instruction) => instruction.args.map((arg) => arg.name.text)));
  return Object.keys(buildArgs)
    .filter((name) => !names.has(name) && !PROXIES.has(name.toLowerCase()) && !BUILDER_ARGUMENT.test(name))
    .sort();
}
