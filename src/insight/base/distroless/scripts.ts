// What the scripts of packages would do when they are installed, and whether that matters where they are not run. Most of
// them do nothing that an image needs: parts that packaging tools wrote, and what is for upgrades. For some packages it
// is known, and done here; any other is a reason to refuse. Pure.

/** The scripts that run before and after a package is unpacked. */
export interface MaintainerScripts {
  readonly preinst?: string;
  readonly postinst?: string;
}

/** A link that `update-alternatives` would make: `usr/bin/js` for `usr/bin/nodejs`. */
export interface AlternativeLink {
  readonly link: string;
  readonly name: string;
  readonly target: string;
  readonly priority: number;
}

/** What is to be said of a package's scripts. */
export interface ScriptVerdict {
  /** Lines that nobody here knows the meaning of; empty where the package may be taken. */
  readonly unknown: readonly string[];
  readonly alternatives: readonly AlternativeLink[];
  /** Where the scripts are known: what is done in their place. */
  readonly known?: string;
}

/** Scripts that were read, by the package's name, with what stands for them here. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^base-files$/, 'directories and /etc/nsswitch.conf are made'],
  [/^base-passwd$/, '/etc/passwd and /etc/group are made'],
  [
    /^libc6$/,
    'links of libraries are in the packages; the cache of the linker is not needed for the usual directories',
  ],
  [/^libselinux1$/, 'directories of SELinux policies are for systems that have some'],
  [/^libgcrypt20$/, 'only cleans up after upgrades'],
  [/^libpam(0g|-modules|-modules-bin|-runtime)$/, 'restarts services, asks for profiles of logins'],
  [/^lib(python3(\.\d+)?-(minimal|stdlib)|python3-stdlib)$/, 'byte code is left to Python'],
  [/^python3(\.\d+)?(-minimal)?$/, 'byte code is left to Python'],
  [/^readline-common$/, '/etc/inputrc is for terminals'],
  [/^tzdata(-legacy)?$/, '/etc/localtime is made'],
  [/^ca-certificates$/, '/etc/ssl/certs/ca-certificates.crt is made'],
  [/^netbase$/, "/etc/hosts is the runtime's, the rest is in the package"],
  [/^openssl$/, '/usr/lib/ssl is in the package'],
  [/^libssl(1\.1|3|3t64)$/, 'only restarts services after upgrades'],
  [/^perl$/, 'only speaks to other packages after upgrades'],
];

/** Parts of packaging tools that do nothing for an image without services, upgrades and desktops. */
const HARMLESS =
  /^(dh_(installdeb|installdocs|installinfo|installinit|installmenu|installsystemd|installsystemduser|systemd_enable|systemd_start|makeshlibs|python[23]|pycentral|pysupport|bugfiles|icons|installmime|installdebconf|usrlocal|ucf|installxmlcatalogs|lintian)|maintscript|pybuild)\b/;

const SECTION = /# Automatically added by (\S+)\n([\s\S]*?)# End automatically added section\n?/g;

/** Keeps files of the same name below /lib from vanishing in upgrades to merged directories. */
const DIVERSIONS = /for \w+ in [\w .+-]+; do\n\s*dpkg-divert [^\n;|&]*\.usr-is-merged[^\n;|&]*\n\s*done\n/g;

/** Judges the scripts of one package. */
export function judgeScripts(name: string, scripts: MaintainerScripts): ScriptVerdict {
  const known = KNOWN.find(([pattern]) => pattern.test(name))?.[1];
  if (known !== undefined) return { unknown: [], alternatives: [], known };
  const alternatives: AlternativeLink[] = [];
  const unknown: string[] = [];
  for (const text of [scripts.preinst, scripts.postinst]) {
    if (text === undefined) continue;
    const own = text
      .replace(SECTION, (_, tool: string, body: string) => (HARMLESS.test(tool) ? '' : `${body}\n`))
      .replaceAll(/\\\n\s*/g, ' ')
      .replace(DIVERSIONS, '');
    for (const line of onInstallation(statements(own))) {
      const link = alternativeLink(line);
      if (link) alternatives.push(link);
      else unknown.push(line);
    }
  }
  return { unknown, alternatives };
}

/** Logical lines without comments and blanks. */
function statements(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Lines that only hold others together. */
const FRAME =
  /^(set (-\w+ ?)+|exit 0|esac|fi|done|;;|:|true|else|then|umask 0?022|unset \w+|case "?\$(1|\{1\})"? in|[a-z|\s-]+\)|\(?configure\)|\*\)|\}|if \[ "?\$1"? ==? "?configure"? \](; then|;then)?|if test "\$1" = install -o "\$1" = upgrade; then|if \[ "?\$1"? ==? "?(configure|install)"? \] ?&& ?\[ -z "?\$2"? \](; then)?)(\s*;;)?$/;
/** Takes away links that packages of earlier releases made. */
const REMOVALS =
  /^update-alternatives (--quiet )?--remove(-all)? [\w./+ -]+?( 2> ?\/dev\/null)?( \|\| (true|:))?$/;
/** What is only done where an older version was installed, or where something failed. */
const UPGRADES =
  /^(if|elif) .*(\[ -n "?\$\{?2(:-)?\}?"? \]|"?x\$2"? != "?x"?|dpkg --compare-versions\s+"?\$\{?2(:-)?\}?"?\s+(lt|le|lt-nl|le-nl)\b)|^if \[ "?\$1"? ==? "?(upgrade|triggered|abort-[a-z]+)"? \]/;
const ERRORS = /^(echo\b.*(called with unknown|unknown argument).*|exit [1-9])$/;

/** The lines that a first installation comes to. */
function onInstallation(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let skipped = 0;
  for (const line of lines) {
    // A condition on an earlier version holds for all that it opens; an `else` of it is for the first installation.
    if (skipped > 0) {
      if (/^if\b/.test(line) && !/;\s*fi$/.test(line)) skipped++;
      else if (/^fi\b/.test(line)) skipped--;
      else if (skipped === 1 && /^(else|elif)\b/.test(line)) skipped = 0;
      continue;
    }
    if (UPGRADES.test(line)) {
      if (!/;\s*fi$/.test(line)) skipped = 1;
      continue;
    }
    if (![FRAME, ERRORS, REMOVALS].some((one) => one.test(line))) kept.push(line);
  }
  return kept;
}

const PATH = String.raw`/[A-Za-z0-9][\w./+-]*`;
const INSTALL = new RegExp(
  String.raw`^update-alternatives\s+(?:--quiet\s+)?--install\s+(${PATH})\s+([\w.+-]+)\s+(${PATH})\s+(\d+)((?:\s+--slave\s+${PATH}\s+[\w.+-]+\s+${PATH})*)(?:\s*\|\|\s*true)?$`,
);

/** The link of an `update-alternatives --install`, where all of its words are plain; pages of manuals are none. */
function alternativeLink(line: string): AlternativeLink | undefined {
  const [, link, name, target, priority, slaves = ''] = INSTALL.exec(line) ?? [];
  if (link === undefined) return undefined;
  const others = [...slaves.matchAll(new RegExp(`--slave\\s+(${PATH})`, 'g'))];
  if (others.some(([, path]) => !path!.startsWith('/usr/share/man/'))) return undefined;
  return { link: link.slice(1), name: name!, target: target!, priority: Number(priority) };
}
