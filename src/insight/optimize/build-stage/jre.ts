// Images that have Java's runtime alone, of the same family and release as those with the whole JDK.

/** What is known of the image that builds. */
export interface JdkImage {
  /** As FROM names it. */
  readonly reference: string;
  /** Of Java: 17. */
  readonly release: number;
  /** It stands on Alpine: its programs want musl. */
  readonly alpine: boolean;
}

/** Name and tag of an image, the path before its name apart. */
interface Name {
  readonly prefix: string;
  readonly name: string;
  readonly tag: string;
}

type Maker = (given: Name & { readonly release: number; readonly suffix: string }) => string | undefined;

const TEMURIN: Maker = ({ release, suffix }) => `eclipse-temurin:${release}-jre${suffix}`;
/** Releases that openjdk had a runtime of. */
const OPENJDK_JRE = new Set([8, 11]);

/** By the name of the image without what stands before it. */
const FAMILIES: Readonly<Record<string, Maker>> = {
  'eclipse-temurin': TEMURIN,
  openjdk: (given) =>
    OPENJDK_JRE.has(given.release)
      ? `openjdk:${given.release}-jre${/-slim/.test(given.tag) ? '-slim' : ''}`
      : TEMURIN(given),
  java: TEMURIN,
  maven: (given) => ofTool(given),
  gradle: (given) => ofTool(given),
  'zulu-openjdk': ({ release }) => `zulu-openjdk:${release}-jre`,
  'zulu-openjdk-alpine': ({ release }) => `zulu-openjdk-alpine:${release}-jre`,
  'zulu-openjdk-debian': ({ release }) => `zulu-openjdk-debian:${release}-jre`,
  'liberica-openjdk-alpine': ({ release }) => `liberica-openjre-alpine:${release}`,
  'liberica-openjdk-debian': ({ release }) => `liberica-openjre-debian:${release}`,
  'ibm-semeru-runtimes': ({ release }) => `ibm-semeru-runtimes:open-${release}-jre`,
  sapmachine: ({ release }) => `sapmachine:${release}-jre`,
};

/** Images of Maven and Gradle stand on others, which their tags name; on Eclipse's where they name none. */
function ofTool(given: Parameters<Maker>[0]): string | undefined {
  const { tag, release } = given;
  if (/ibm-semeru/.test(tag)) return FAMILIES['ibm-semeru-runtimes']!(given);
  if (/sapmachine/.test(tag)) return FAMILIES.sapmachine!(given);
  // Of these there is no image without the compiler, or its name says nothing.
  if (/corretto|graal|ubi|microsoft|openj9|ibmjava|azulzulu|liberica/.test(tag)) return undefined;
  return release > 0 ? TEMURIN(given) : undefined;
}

/** The image; undefined where none is known. */
export function jreImageOf({ reference, release, alpine }: JdkImage): string | undefined {
  const { prefix, name, tag } = nameOf(reference);
  if (!Object.hasOwn(FAMILIES, name)) return undefined;
  const [distribution = ''] = /-(jammy|focal|noble|bionic|centos7|ubi\d+-minimal)$/.exec(tag) ?? [];
  const made = FAMILIES[name]!({ prefix, name, tag, release, suffix: alpine ? '-alpine' : distribution });
  return made === undefined ? undefined : `${prefix}${made}`;
}

/** A name as FROM has it, without digest; the path before its last part, with a slash. */
function nameOf(reference: string): Name {
  const plain = reference.replace(/@.*$/, '');
  const at = plain.lastIndexOf('/') + 1;
  const [name = '', tag = ''] = plain.slice(at).split(':');
  return { prefix: plain.slice(0, at), name, tag };
}

/** Which release of Java a file `release` of its directory, or the variable `JAVA_VERSION` of an image, speaks of. */
export function javaRelease(text: string): number | undefined {
  const [, version = ''] = /\bJAVA_VERSION="?(?:jdk-?|u)?([\d.]+)/.exec(text) ?? [];
  const [first, second] = version.split('.').map(Number);
  const release = first === 1 ? second : first;
  return release !== undefined && release > 0 ? release : undefined;
}
