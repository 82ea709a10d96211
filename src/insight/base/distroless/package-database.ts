// What scanners read: dpkg's database as images without dpkg have it, one file a package in status.d, and the checksums
// of the files that are there. Pure.

/** A package of the image. */
export interface RecordedPackage {
  readonly name: string;
  /** Its control file. */
  readonly control: string;
  /** Lines `md5  path` of all its files. */
  readonly md5sums: string;
}

/** The files of the database. */
export function packageDatabase(
  packages: readonly RecordedPackage[],
  /** Whether a file of a package is in the image; its path as the package has it. */
  isThere: (path: string, name: string) => boolean,
): { readonly path: string; readonly content: string }[] {
  return packages.flatMap(({ name, control, md5sums }) => [
    { path: `var/lib/dpkg/status.d/${name}`, content: `${control.trim()}\n` },
    {
      path: `var/lib/dpkg/status.d/${name}.md5sums`,
      content: md5sums
        .split('\n')
        .filter((line) =>
          isThere(
            line
              .slice(line.indexOf(' '))
              .trim()
              .replace(/^\.?\//, ''),
            name,
          ),
        )
        .map((line) => `${line}\n`)
        .join(''),
    },
  ]);
}
