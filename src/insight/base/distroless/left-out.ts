// Which files of packages a base without shell and package manager leaves out. Pure.

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
}

/** The first that fits decides. Paths are as in the image: below usr where that is where they lie. */
const RULES: readonly Rule[] = [
  { pattern: /^usr\/share\/doc\/(?![^/]+(\/copyright)?$)/, why: 'documentation' },
  {
    pattern: /^usr\/share\/(man|info|groff|doc-base|lintian|linda|bug|reportbug)(\/|$)/,
    why: 'documentation',
  },
  { pattern: /^usr\/share\/locale(\/|$)/, why: 'translations' },
  { pattern: /^usr\/share\/(menu|applications|pixmaps|icons|metainfo|appdata)(\/|$)/, why: 'for desktops' },
  {
    pattern: /^(usr\/share\/(bash-completion|zsh|fish)|etc\/(bash_completion\.d|profile\.d|skel))(\/|$)/,
    why: 'for shells',
  },
  { pattern: /^etc\/(profile|bash\.bashrc|inputrc|issue|issue\.net|motd)$/, why: 'for shells' },
  { pattern: /^usr\/share\/(base-files|base-passwd|readline)(\/|$)/, why: 'for installing packages' },
  {
    pattern:
      /^(etc\/(init\.d|rc[0-9S]\.d|init|systemd|cron\.[a-z]+|logrotate\.d|update-motd\.d|kernel)|usr\/lib\/(systemd|tmpfiles\.d|sysusers\.d|binfmt\.d|init))(\/|$)/,
    why: 'for services',
  },
  {
    pattern:
      /^(etc\/(apt|dpkg|debconf\.conf|ucf\.conf)|usr\/share\/(debconf|dpkg|debhelper|apport|binfmts|perl5\/Debian|python3|pyversions)|usr\/lib\/(dpkg|apt|mime\/packages)|var\/lib\/(dpkg|apt|ucf|pam)|var\/cache\/(apt|debconf))(\/|$)/,
    why: 'for installing packages',
  },
  { pattern: /^usr\/bin\/py3(clean|compile|versions)$/, why: 'for installing packages' },
  { pattern: /^usr\/lib\/python3[^/]*\/EXTERNALLY-MANAGED$/, why: 'for installing packages' },
  { pattern: /^usr\/lib\/valgrind(\/|$)/, why: 'for debugging' },
  { pattern: /^(usr\/share\/ca-certificates|etc\/ca-certificates)(\/|$)/, why: 'is in the bundle' },
  { pattern: /^(proc|sys|dev|run|tmp)\/./, why: 'belongs to a running system' },
];

/** Why a file is left out; undefined for one that stays. */
export function leftOut(path: string): string | undefined {
  return RULES.find(({ pattern }) => pattern.test(path))?.why;
}
