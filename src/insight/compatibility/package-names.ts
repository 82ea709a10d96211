// What the commonest packages are called elsewhere: of Debian and Ubuntu in Alpine, and from one release of Debian to the
// next. A small table of facts with a date: what is not in it is not said to be missing, and a build has the last word.

/** Of which day the facts are: Alpine's names by its package pages, Debian's asked of `apt-cache policy` in each release. */
export const PACKAGE_NAMES_AS_OF = '2026-11-26';

/** Where a package is looked for. */
export interface PackagePlace {
  /** `debian`, `ubuntu`, `alpine`. */
  readonly name: string;
  /** `12`, `3.22`. */
  readonly release?: string;
}

/** What is known of a package there. */
export interface PackageThere {
  /** Other names; none where nothing has to be installed for it. */
  readonly names: readonly string[];
  /** More words, where the names alone would mislead. */
  readonly note?: string;
}

/** Debian → Alpine. The empty list: nothing of the kind is needed there. */
const IN_ALPINE: Readonly<Record<string, readonly string[]>> = {
  'apt-transport-https': [],
  'bind9-dnsutils': ['bind-tools'],
  'build-essential': ['build-base'],
  'default-jre': ['openjdk21-jre'],
  'default-jre-headless': ['openjdk21-jre-headless'],
  'default-libmysqlclient-dev': ['mariadb-dev'],
  'default-mysql-client': ['mysql-client'],
  dnsutils: ['bind-tools'],
  fontconfig: ['fontconfig'],
  'fonts-dejavu': ['font-dejavu'],
  'fonts-liberation': ['font-liberation'],
  'fonts-noto': ['font-noto'],
  'g++': ['g++'],
  gnupg2: ['gnupg'],
  'iputils-ping': ['iputils'],
  iproute2: ['iproute2'],
  'libbz2-dev': ['bzip2-dev'],
  'libc6-dev': ['musl-dev'],
  'libcap2-bin': ['libcap'],
  'libcurl4-openssl-dev': ['curl-dev'],
  'libcurl4-gnutls-dev': ['curl-dev'],
  'libexpat1-dev': ['expat-dev'],
  'libfreetype6-dev': ['freetype-dev'],
  'libfreetype-dev': ['freetype-dev'],
  'libgdbm-dev': ['gdbm-dev'],
  libgl1: ['mesa-gl'],
  'libgl1-mesa-glx': ['mesa-gl'],
  'libglib2.0-0': ['glib'],
  'libglib2.0-dev': ['glib-dev'],
  'libgmp-dev': ['gmp-dev'],
  'libicu-dev': ['icu-dev'],
  'libjpeg-dev': ['libjpeg-turbo-dev'],
  'libjpeg62-turbo-dev': ['libjpeg-turbo-dev'],
  'libkrb5-dev': ['krb5-dev'],
  'libldap2-dev': ['openldap-dev'],
  'libldap-dev': ['openldap-dev'],
  'liblzma-dev': ['xz-dev'],
  libmagic1: ['libmagic'],
  'libmagickwand-dev': ['imagemagick-dev'],
  'libmariadb-dev': ['mariadb-connector-c-dev'],
  'libmemcached-dev': ['libmemcached-dev'],
  'libmpfr-dev': ['mpfr-dev'],
  'libncurses-dev': ['ncurses-dev'],
  'libncurses5-dev': ['ncurses-dev'],
  'libncursesw5-dev': ['ncurses-dev'],
  'libonig-dev': ['oniguruma-dev'],
  'libpcre3-dev': ['pcre-dev'],
  'libpcre2-dev': ['pcre2-dev'],
  'libpng-dev': ['libpng-dev'],
  'libpq-dev': ['libpq-dev', 'postgresql-dev'],
  libpq5: ['libpq'],
  'libreadline-dev': ['readline-dev'],
  'libsasl2-dev': ['cyrus-sasl-dev'],
  'libsqlite3-dev': ['sqlite-dev'],
  'libssl-dev': ['openssl-dev'],
  'libtiff-dev': ['tiff-dev'],
  'libvips-dev': ['vips-dev'],
  'libwebp-dev': ['libwebp-dev'],
  'libxml2-dev': ['libxml2-dev'],
  'libxslt1-dev': ['libxslt-dev'],
  'libyaml-dev': ['yaml-dev'],
  'libzip-dev': ['libzip-dev'],
  'mime-support': ['mailcap'],
  'media-types': ['mailcap'],
  netcat: ['netcat-openbsd'],
  'netcat-traditional': ['netcat-openbsd'],
  'ninja-build': ['ninja'],
  'openssh-client': ['openssh-client'],
  'openssh-server': ['openssh-server'],
  passwd: ['shadow'],
  pkgconf: ['pkgconf'],
  'pkg-config': ['pkgconf'],
  postgresql: ['postgresql'],
  'postgresql-client': ['postgresql-client'],
  procps: ['procps'],
  'python3-dev': ['python3-dev'],
  'python3-pip': ['py3-pip'],
  'python3-setuptools': ['py3-setuptools'],
  'python3-venv': ['python3'],
  'python-is-python3': ['python3'],
  'redis-server': ['redis'],
  'redis-tools': ['redis'],
  'ruby-dev': ['ruby-dev'],
  'software-properties-common': [],
  sqlite3: ['sqlite'],
  'unixodbc-dev': ['unixodbc-dev'],
  uuid: ['util-linux'],
  'uuid-dev': ['util-linux-dev'],
  'uuid-runtime': ['uuidgen'],
  'xz-utils': ['xz'],
  'zlib1g-dev': ['zlib-dev'],
  zlib1g: ['zlib'],
};

const NOTES_IN_ALPINE: Readonly<Record<string, string>> = {
  'apt-transport-https': 'apk speaks TLS by itself',
  'software-properties-common': 'repositories are lines in /etc/apk/repositories',
};

/**
 * What has another name in each release of Debian: 11, 12, 13. `-`: there is nothing of the kind. Names with t64 are not
 * here: such packages provide the names without.
 */
const IN_DEBIAN: readonly (readonly [eleven: string, twelve: string, thirteen: string])[] = [
  ['libssl1.1', 'libssl3', 'libssl3t64'],
  ['libicu67', 'libicu72', 'libicu76'],
  ['libffi7', 'libffi8', 'libffi8'],
  ['libtiff5', 'libtiff6', 'libtiff6'],
  ['libwebp6', 'libwebp7', 'libwebp7'],
  ['libgdk-pixbuf2.0-0', 'libgdk-pixbuf-2.0-0', 'libgdk-pixbuf-2.0-0'],
  ['libldap-2.4-2', 'libldap-2.5-0', 'libldap2'],
  ['libzip4', 'libzip4', 'libzip5'],
  ['libncurses5', 'libncurses5', 'libncurses6'],
  ['libtinfo5', 'libtinfo5', 'libtinfo6'],
  ['libboost-system1.74.0', 'libboost-system1.74.0', 'libboost-system1.83.0'],
  ['libprotobuf23', 'libprotobuf32', 'libprotobuf32t64'],
  ['libavcodec58', 'libavcodec59', 'libavcodec61'],
  ['mime-support', 'media-types', 'media-types'],
  ['netcat', 'netcat-openbsd', 'netcat-openbsd'],
  ['libgl1-mesa-glx', 'libgl1', 'libgl1'],
  ['dnsutils', 'dnsutils', 'bind9-dnsutils'],
  ['policykit-1', 'polkitd', 'polkitd'],
  ['ntp', 'ntpsec', 'ntpsec'],
  ['python3.9', 'python3.11', 'python3.13'],
  ['libpython3.9', 'libpython3.11', 'libpython3.13'],
  ['php7.4', 'php8.2', 'php8.4'],
  ['postgresql-client-13', 'postgresql-client-15', 'postgresql-client-17'],
  ['openjdk-11-jre-headless', 'openjdk-17-jre-headless', 'openjdk-21-jre-headless'],
  ['gcc-10', 'gcc-12', 'gcc-14'],
  ['python3-distutils', 'python3-distutils', '-'],
  ['software-properties-common', 'software-properties-common', '-'],
];
const RELEASES = ['11', '12', '13'];

/** Names of Debian in Alpine that are asked the other way round too. */
const FROM_ALPINE: ReadonlyMap<string, readonly string[]> = new Map([
  ['build-base', ['build-essential']],
  ['musl-dev', ['libc6-dev']],
  ['postgresql-dev', ['libpq-dev']],
  ['openssl-dev', ['libssl-dev']],
  ['zlib-dev', ['zlib1g-dev']],
  ['jpeg-dev', ['libjpeg62-turbo-dev']],
  ['libjpeg-turbo-dev', ['libjpeg62-turbo-dev']],
  ['mariadb-dev', ['default-libmysqlclient-dev']],
  ['mariadb-connector-c-dev', ['libmariadb-dev']],
  ['py3-pip', ['python3-pip']],
  ['bind-tools', ['bind9-dnsutils']],
  ['shadow', ['passwd']],
  ['sqlite-dev', ['libsqlite3-dev']],
  ['sqlite', ['sqlite3']],
  ['yaml-dev', ['libyaml-dev']],
  ['libxslt-dev', ['libxslt1-dev']],
  ['curl-dev', ['libcurl4-openssl-dev']],
  ['icu-dev', ['libicu-dev']],
  ['oniguruma-dev', ['libonig-dev']],
  ['openldap-dev', ['libldap-dev']],
  ['xz', ['xz-utils']],
  ['iputils', ['iputils-ping']],
  ['ninja', ['ninja-build']],
  ['libc6-compat', []],
  ['gcompat', []],
  ['su-exec', ['gosu']],
]);

/** A package where it is not called the same; undefined where it is, or where the table does not know. */
export function packageElsewhere(
  name: string,
  from: PackagePlace | undefined,
  to: PackagePlace,
): PackageThere | undefined {
  const there = to.name === 'alpine' ? inAlpine(name, from) : inDebian(name, from, to);
  return there && (there.names.length > 1 || there.names[0] !== name) ? there : undefined;
}

function inAlpine(name: string, from: PackagePlace | undefined): PackageThere | undefined {
  if (from?.name === 'alpine' || !Object.hasOwn(IN_ALPINE, name)) return undefined;
  const note = NOTES_IN_ALPINE[name];
  return { names: IN_ALPINE[name]!, ...(note === undefined ? {} : { note }) };
}

function inDebian(name: string, from: PackagePlace | undefined, to: PackagePlace): PackageThere | undefined {
  if (to.name !== 'debian' && to.name !== 'ubuntu') return undefined;
  const back = from === undefined || from.name === 'alpine' ? FROM_ALPINE.get(name) : undefined;
  if (back) return { names: back };
  const column = to.name === 'debian' ? RELEASES.indexOf(to.release?.split('.')[0] ?? '') : -1;
  if (column < 0) return undefined;
  const row = IN_DEBIAN.find((names) => names.includes(name));
  // A name of another release may still be there.
  if (!row || row[column] === name || STILL_THERE[name]?.includes(RELEASES[column]!)) return undefined;
  return row[column] === '-'
    ? { names: [], note: 'there is nothing of the kind' }
    : { names: [row[column]!] };
}

/** Releases where a name does as well that is not the one above: transitional packages, or another one that provides it. */
const STILL_THERE: Readonly<Record<string, readonly string[]>> = {
  'bind9-dnsutils': ['11', '12'],
  dnsutils: ['13'],
  'gcc-12': ['13'],
  'libgdk-pixbuf-2.0-0': ['11'],
  'libgdk-pixbuf2.0-0': ['12'],
  libgl1: ['11'],
  'libgl1-mesa-glx': ['12'],
  libncurses6: ['11', '12'],
  libprotobuf32: ['13'],
  libssl3: ['13'],
  libtinfo6: ['11', '12'],
  'media-types': ['11'],
  'mime-support': ['12'],
  'netcat-openbsd': ['11'],
  ntp: ['12'],
  ntpsec: ['11'],
  'openjdk-17-jre-headless': ['11'],
  'policykit-1': ['12'],
};
