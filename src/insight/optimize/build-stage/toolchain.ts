// What is there to build and for nothing else, by its name: packages of distributions, caches of compilers, sources.

/** Packages of Debian, Alpine and Fedora that compile, or are compiled against; sites are compiled too. */
const PACKAGES =
  /^(build-(essential|base)|gcc|g\+\+|gcc-c\+\+|cpp|clang|llvm|make|cmake|meson|ninja(-build)?|autoconf|automake|libtool|m4|bison|flex|patch|pkgconf|pkg-config|musl-dev|linux-headers|kernel-headers|gfortran|nasm|yasm|rustc|cargo|rustup|go|golang|golang-go|swig|cython3?|binutils|dpkg-dev|debhelper|fakeroot|help2man|texinfo|gperf|ccache|maven|gradle|ant|sbt|kotlin|hugo|(default|openjdk-\d+|temurin-\d+)-jdk(-headless)?|openjdk\d+(-jdk)?)([-.]?\d[\w.]*)?$/;
const DEVELOPMENT = /-(dev|devel|headers|static)$/;

/** Whether a package is only there to build; `=1.2` and `:arm64` behind its name do not matter. */
export function isBuildPackage(word: string): boolean {
  const name = word.replace(/[=:~<>].*$/, '');
  return PACKAGES.test(name) || DEVELOPMENT.test(name) || /^lib[\w.+-]+-dev(-[\w.]+)?$/.test(name);
}

/** What installers and package managers keep for themselves. Other caches may hold what a program needs: a model, a browser. */
const CACHES =
  /^tmp\/hsperfdata_[^/]+(\/|$)|^(root|home\/[^/]+)\/(\.cache\/(pip|pypoetry|uv|yarn|pnpm|node-gyp|ccache|sccache|composer|go-build|golangci-lint|mesonbuild|zig|debuginfod_client)|\.config\/go\/telemetry|\.npm|\.ccache|\.yarn\/berry)(\/|$)|^var\/(cache\/(apt|debconf|ldconfig|apk|dnf|yum|man)|lib\/apt\/lists|log\/(apt|dpkg\.log|alternatives\.log|bootstrap\.log|fontconfig\.log|dnf\.\w+|yum\.log))(\/|$)/;
/** What compilers fetched, or what was unpacked of them: of no use to what they have made. */
const COMPILERS =
  /^(root|home\/[^/]+)\/(\.cargo|\.rustup|\.m2|\.gradle|go\/pkg)(\/|$)|^(go\/pkg|usr\/local\/(go|rustup|cargo))(\/|$)/;

/** Whether a path is one that tools keep for themselves. */
export function isToolCache(path: string): boolean {
  return CACHES.test(path);
}

/**
 * Whether a path belongs to a compiler, or to what compiling leaves beside its result.
 * @param goPath `GOPATH`, where it is set
 */
export function isCompilerFile(path: string, goPath?: string): boolean {
  const modules = goPath === undefined ? undefined : `${goPath.replace(/^\/+|\/+$/g, '')}/pkg`;
  return (
    COMPILERS.test(path) ||
    (modules !== undefined && (path === modules || path.startsWith(`${modules}/`))) ||
    /\.(o|lo|obj|a|la|rlib|rmeta|gch|pch)$/.test(path) ||
    /(^|\/)CMakeFiles(\/|$)/.test(path) ||
    // Asked for the commit, git writes its index again.
    /(^|\/)\.git\//.test(path)
  );
}

const SOURCE_SUFFIX =
  /\.(go|c|h|cc|cpp|cxx|hh|hpp|hxx|inl|rs|s|S|asm|f|f90|zig|d|hs|ml|mli|swift|cmake|am|ac|in|m4|mk|md|rst|adoc)$/;
const SOURCE_NAME =
  /^(go\.(mod|sum|work|work\.sum)|Cargo\.(toml|lock)|rust-toolchain(\.toml)?|(GNU)?[Mm]akefile(\..*)?|CMakeLists\.txt|meson(_options)?\.build|configure|Dockerfile.*|\.(git|docker)\w*|\.editorconfig|\.golangci\.ya?ml|LICEN[CS]E.*|README.*|CHANGELOG.*|CONTRIBUTING.*|COPYING|AUTHORS|NOTICE)$/;

/** Whether a program that was compiled has no more use for a file of the context: its sources, and what speaks of them. */
export function isSource(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    SOURCE_SUFFIX.test(name) || SOURCE_NAME.test(name) || /(^|\/)\.(git|github|gitlab|cargo)\//.test(path)
  );
}
