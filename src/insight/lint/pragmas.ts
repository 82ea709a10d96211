// Comments that hadolint reads: `# hadolint ignore=DL3008`, `# hadolint shell=powershell`.

/** The shell that a comment names, as the words of SHELL. */
export function hadolintShell(comment: string): readonly string[] | undefined {
  const match = /^#?[ \t]*hadolint[ \t]+shell[ \t]*=[ \t]*([^\s#]+)[ \t]*(?:#.*)?$/.exec(comment);
  return match?.[1] === undefined ? undefined : [match[1], '-c'];
}
