// Java in an image: what starts it, and which files of a project are of no use to a program that was compiled.

import { cleanRelative, isAtOrBelow, parentPath } from '../../../core/index.ts';
import type { ProgramFacts } from '../../../lang/executable/index.ts';
import type { ImageConfig } from '../../../oci/image/index.ts';
import type { SeenTree } from '../../programs/index.ts';

/** What is asked. */
export interface JavaRequest {
  readonly whole: SeenTree;
  /** Paths that the instructions of the image made. */
  readonly made: Iterable<string>;
  /** The files of the image's command. */
  readonly command: readonly string[];
  readonly programs: ReadonlyMap<string, ProgramFacts>;
}

/**
 * The `java` of an image that starts a program for it which its instructions made: by `java` itself, or by a script that
 * has jars in `lib` beside its `bin`, as Gradle, Maven's appassembler and sbt write them.
 */
export function javaOf({ whole, made, command, programs }: JavaRequest): string | undefined {
  const program = command.at(-1)!;
  const own = [...made].filter((path) => COMPILED.test(path) && !KEPT_BY_TOOLS.test(path));
  if (own.length === 0) return undefined;
  if (JAVA.test(program)) return program;
  const home = homeOf(program);
  const isScript = (programs.get(program)?.kind ?? 'script') === 'script';
  if (home === undefined || !isScript || !own.some((path) => path.startsWith(`${home}/lib/`)))
    return undefined;
  return [...whole.entries.values()].find(({ path, type }) => type === 'file' && JAVA.test(path))?.path;
}

/** The directory that has the `bin` of a script, and its jars in `lib`. */
function homeOf(program: string): string | undefined {
  return /^(?<home>.*)\/bin\/[^/]+$/.exec(program)?.groups?.home;
}

const JAVA = /(^|\/)bin\/java$/;
const COMPILED = /\.(jar|war|ear|class)$/;
const KEPT_BY_TOOLS = /(^|\/)\.(m2|gradle|ivy2|sbt|cache)\//;

const SOURCE_SUFFIX = /\.(java|kt|kts|scala|groovy|gradle|iml)$/;
const SOURCE_NAME = /^(pom\.xml|gradle\.properties|gradle\.lockfile|gradlew(\.bat)?|mvnw(\.cmd)?)$/;
const PROJECT = /(^|\/)(pom\.xml|(build|settings)\.gradle(\.kts)?)$/;
/** Below a project's directory: what it is compiled of; resources are in the jar or beside the classes. */
const OF_PROJECT = /^(src\/(main|test|\w+Test)|\.mvn|gradle)\//;
/** What Maven and Gradle leave beside their results. */
const LEFT_BY_BUILD =
  /^(target\/((test-)?classes|generated-[\w-]+|maven-\w+|surefire-reports|failsafe-reports|antrun|site)\/|target\/(original-[^/]+\.jar|[^/]+\.(jar|war)\.original)$|\.gradle\/|build\/(classes|tmp|generated|reports|test-results|scripts|resources|distributions|kotlin|jacoco|bootScripts)\/)/;

/** Where jars lie before `installDist` and the like copy them beside the script that starts them, or `cp` to where they are started. */
const LIBS = /^(build\/libs|target)\/[^/]+\.jar$/;

/** Which files of the projects in an image a program that is in their jars has no use for. */
export class JavaLeftovers {
  private readonly projects: ReadonlySet<string>;
  private readonly named: readonly string[];
  /** Content of the jars that are started. */
  private readonly installed: ReadonlySet<string>;

  constructor(
    { made, command }: Pick<JavaRequest, 'made' | 'command'>,
    private readonly whole: SeenTree,
    config: ImageConfig,
  ) {
    const paths = [...made];
    this.projects = new Set(paths.filter((path) => PROJECT.test(path)).map(parentPath));
    this.named = placesNamedBy(config);
    const home = homeOf(command.at(-1)!);
    const isStarted = (path: string) =>
      this.named.includes(path) || (home !== undefined && path.startsWith(`${home}/lib/`));
    this.installed = new Set(
      paths.flatMap((path) => (COMPILED.test(path) && isStarted(path) ? this.contentOf(path) : [])),
    );
  }

  private contentOf(path: string): readonly string[] {
    const { digest } = this.whole.entries.get(path) ?? {};
    return digest === undefined ? [] : [digest];
  }

  has(path: string): boolean {
    if (this.named.some((place) => isAtOrBelow(path, place))) return false;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (SOURCE_SUFFIX.test(name) || SOURCE_NAME.test(name)) return true;
    for (let above = path; above !== ''; ) {
      above = parentPath(above);
      if (!this.projects.has(above)) continue;
      const rest = above === '' ? path : path.slice(above.length + 1);
      if (OF_PROJECT.test(rest) || LEFT_BY_BUILD.test(rest)) return true;
      if (LIBS.test(rest) && this.contentOf(path).some((one) => this.installed.has(one))) return true;
    }
    return false;
  }
}

/** Paths that the command or a variable may mean; what has a pattern in it names jars, which stay anyway. */
function placesNamedBy({ config = {} }: ImageConfig): string[] {
  const directory = cleanRelative(config.WorkingDir ?? '');
  const variables = (config.Env ?? []).filter((one) => !/^(PATH|\w*HOME)=/.test(one));
  const words = [...(config.Entrypoint ?? []), ...(config.Cmd ?? []), ...variables].flatMap((text) =>
    text.split(/[\s:=,;'"]+/),
  );
  return words
    .filter(
      (word) => word !== '' && !/[*?[\]$]/.test(word) && (word.startsWith('/') || !word.startsWith('-')),
    )
    .map((word) => cleanRelative(word.startsWith('/') ? word : `${directory}/${word}`));
}
