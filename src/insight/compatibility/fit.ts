// Whether programs that were made elsewhere run on a base: their processor, their C library and its age, the libraries that
// they load. What they open by name while they run is not seen.

import type { ElfVersions, ProgramFacts } from '../../lang/executable/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import { needsOf, type SeenTree } from '../programs/index.ts';

/** A program or library that is brought to a base. */
export interface BroughtProgram {
  /** Clean, where it lies in the image. */
  readonly path: string;
  readonly facts: ProgramFacts;
  /** Of ELF files. */
  readonly versions?: ElfVersions;
}

/** What it is brought to. */
export interface Ground {
  /** With what is brought. */
  readonly tree: SeenTree;
  readonly config: ImageConfig;
  readonly libc?: { readonly name: 'glibc' | 'musl'; readonly version?: string };
  /** By the names of libraries: versions of symbols that they have. One that was not read is not in it. */
  readonly provides: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Something that keeps a program from running. */
export interface Misfit {
  readonly path: string;
  readonly kind: 'architecture' | 'libc' | 'version' | 'library' | 'interpreter';
  /** A sentence about the file, without its path: `was linked with glibc, and the image has musl`. */
  readonly text: string;
  /** What it asks for: `GLIBC_2.38`, `libpq.so.5`, `/bin/bash`. */
  readonly needs: string;
}

/** Everything of a program that does not fit; what follows from something else is not said. */
export function misfitsOf(program: BroughtProgram, ground: Ground): readonly Misfit[] {
  const { path, versions } = program;
  const { architecture } = ground.config;
  if (versions?.architecture !== undefined && versions.architecture !== architecture) {
    const text = `is for ${versions.architecture}, and the image is for ${architecture}`;
    return [{ path, kind: 'architecture', text, needs: versions.architecture }];
  }
  const wanted = libcWanted(program);
  const { libc } = ground;
  if (wanted && libc && wanted.name !== libc.name && !hasBoth(program, ground)) {
    const text = `was linked with ${wanted.name}, and the image has ${libc.name}`;
    return [{ path, kind: 'libc', text, needs: wanted.needs }];
  }
  return [...missing(program, ground), ...tooOld(program, ground)];
}

/** The C library that an ELF file was linked with; undefined for what is linked with none. */
function libcWanted({
  facts: { interpreter, libraries },
  versions,
}: BroughtProgram): { readonly name: 'glibc' | 'musl'; readonly needs: string } | undefined {
  const musl = libraries.find((one) => /^libc\.musl-|^ld-musl-/.test(one));
  if (interpreter !== undefined && /\/ld-musl-/.test(interpreter))
    return { name: 'musl', needs: interpreter };
  if (musl !== undefined) return { name: 'musl', needs: musl };
  if (interpreter !== undefined && /\/ld(-linux[\w-]*)?\.so\.|\/ld64\.so\./.test(interpreter))
    return { name: 'glibc', needs: interpreter };
  const versioned = versions?.needs.some((one) => one.versions.some((name) => name.startsWith('GLIBC_')));
  if (libraries.includes('libc.so.6') || versioned) return { name: 'glibc', needs: 'libc.so.6' };
  return undefined;
}

/** An image of one C library with the other one beside it: gcompat, libc6-compat, musl of Debian. */
function hasBoth({ facts: { interpreter, libraries } }: BroughtProgram, { tree }: Ground): boolean {
  if (interpreter !== undefined) return tree.follow(interpreter) !== undefined;
  const name = libraries.find((one) => /^libc\./.test(one)) ?? 'libc.so.6';
  return [...tree.entries.keys()].some((path) => path.endsWith(`/${name}`));
}

function missing({ path, facts }: BroughtProgram, { tree, config }: Ground): Misfit[] {
  return needsOf(tree, { path, facts, config }).flatMap(({ name, found }): Misfit[] => {
    // musl is one file under two names; the loader knows itself.
    if (found || /^(libc\.so|libc\.musl-.*|ld-linux[\w-]*\.so\.\d|ld-musl-.*)$/.test(name)) return [];
    const isLibrary = facts.libraries.includes(name);
    const text = isLibrary
      ? `needs the library ${name}, which the image does not have`
      : `is started by ${name}, which the image does not have`;
    return [{ path, kind: isLibrary ? 'library' : 'interpreter', text, needs: name }];
  });
}

function tooOld({ path, versions }: BroughtProgram, { provides, libc }: Ground): Misfit[] {
  return (versions?.needs ?? []).flatMap(({ library, versions: wanted }): Misfit[] => {
    const there = provides.get(library);
    const lacking = there ? wanted.filter((one) => !there.has(one)) : [];
    const newest = lacking.toSorted(byNumber).at(-1);
    if (newest === undefined) return [];
    const has =
      library === 'libc.so.6' && libc?.version !== undefined ? `: glibc here is ${libc.version}` : '';
    return [
      { path, kind: 'version', text: `needs ${newest} of ${library}, which is older${has}`, needs: newest },
    ];
  });
}

/** `GLIBC_2.9` before `GLIBC_2.10`. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
