// What a file is told to be by its path: one that keeps secrets, settings, code, or anything else.

/** How closely a file is looked at. `dotenv`: every value counts; `settings` and `code`: values of telling names. */
export type FileKind = 'dotenv' | 'settings' | 'code' | 'other';

const DOTENV = /^(?:\.env(?:\..+)?|.+\.env|\.?envrc|\.dev\.vars|\.flaskenv)$/i;
const EXAMPLE = /(?:example|sample|template|dist|default|schema|tpl)/i;

const SETTINGS =
  /\.(?:properties|ini|conf|cfg|cnf|config|ya?ml|json|toml|xml|tfvars|tfstate|plist|reg|log|sql|txt|tf|hcl|netrc|npmrc|pypirc)$|^\.(?:npmrc|yarnrc|pypirc|netrc|pgpass|my\.cnf|git-credentials|gitconfig|dockercfg|boto|s3cfg|htpasswd|(?:ba|z|k)sh_history|python_history|mysql_history|psql_history|bashrc|profile|zshrc|terraformrc)$|^(?:_netrc|credentials|auth\.json|pip\.conf|sources\.list|config|environment|settings\.xml|web\.config|htpasswd|shadow)$/i;
const CODE =
  /\.(?:[cm]?jsx?|[cm]?tsx?|py|rb|php|sh|bash|zsh|go|java|kt|scala|cs|rs|pl|lua|ps1|bat|groovy|gradle|ipynb|vue|svelte|html?|map|ex|exs|swift|env\.js)$|^(?:Dockerfile.*|.*\.Dockerfile|Makefile|Jenkinsfile|Vagrantfile|Procfile)$/i;

/** How a file is to be looked at. */
export function kindOfFile(path: string): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (DOTENV.test(name)) return 'dotenv';
  if (isThirdParty(path)) return 'other';
  if (SETTINGS.test(name)) return 'settings';
  return CODE.test(name) ? 'code' : 'other';
}

/** Directories of packages that somebody else wrote: what looks like a secret there is an example or a test. */
const THIRD_PARTY =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|vendor\/(?:bundle|cache)|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository|usr\/share\/(?:doc|man|locale|perl|zoneinfo|info))\//;

/** What pip, npm, pnpm and yarn write there themselves: where they got the packages from, with logins and all. */
const OF_INSTALLERS = /(?:^|\/)(?:direct_url\.json|\.package-lock\.json|\.modules\.yaml|\.yarn-integrity)$/;

/** Whether a path is in a directory of other people's packages, and of theirs. */
export function isThirdParty(path: string): boolean {
  // Files come directory by directory, and are asked for more than once.
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  if (directory !== last.directory) last = { directory, isThirdParty: THIRD_PARTY.test(directory) };
  return last.isThirdParty && !OF_INSTALLERS.test(path);
}

let last = { directory: '', isThirdParty: false };

/** Names of files that are secrets or keep them, whatever their content looks like. */
const SECRET_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, 'an SSH private key'],
  [/(?:^|\/)\.aws\/credentials$/, 'AWS credentials'],
  [/(?:^|\/)\.git-credentials$/, "git's stored passwords"],
  [/(?:^|\/)\.pgpass$/, 'PostgreSQL passwords'],
  [/(?:^|\/)\.?(?:kube\/config|kubeconfig)$/, 'a Kubernetes configuration'],
  [/(?:^|\/)\.azure\/(?:accessTokens\.json|msal_token_cache\.(?:json|bin))$/, 'Azure tokens'],
  [
    /(?:^|\/)\.config\/gcloud\/(?:credentials\.db|access_tokens\.db|application_default_credentials\.json)$/,
    'Google Cloud credentials',
  ],
  [/\.(?:p12|pfx|jks|keystore|kdbx|ppk)$/i, 'a key store'],
  [/(?:^|\/)[^/]*\.tfstate(?:\.backup)?$/, "Terraform's state, with all values it knows"],
  [/(?:^|\/)\.(?:ba|z|k)sh_history$/, 'what somebody typed'],
  [/(?:^|\/)\.vault-token$/, 'a Vault token'],
  [/(?:^|\/)\.htpasswd$/, 'password hashes'],
];

/** Any of them, in one go: most files are none, and a build has fifty thousand. */
const ANY_SECRET_NAME = new RegExp(SECRET_NAMES.map(([{ source }]) => source).join('|'), 'i');

/** What a file with this name keeps; undefined where the name says nothing. */
export function secretFileName(path: string): string | undefined {
  if (isDotenv(path)) return 'environment variables that are meant to stay outside';
  if (!ANY_SECRET_NAME.test(path) || isThirdParty(path)) return undefined;
  return SECRET_NAMES.find(([pattern]) => pattern.test(path))?.[1];
}

/** Texts that show how something is used: what they have under telling names is made up, mostly. */
const SHOWING =
  /(?:^|\/)(?:docs?|documentation|examples?|samples?|testdata|fixtures|__tests__|__mocks__|tests?|spec)\/|\.(?:md|rst|adoc)$|(?:example|sample|template|[._-]dist)(?:\.[a-z0-9]+)?$|_test\.(?:go|py)$|\/test_[^/]*\.py$|\.(?:test|spec)\.[cm]?[jt]sx?$/i;

/** Whether a file is documentation, an example or a test, by its path. */
export function isShowing(path: string): boolean {
  return SHOWING.test(path);
}

function isDotenv(path: string): boolean {
  if (!path.includes('.env')) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^\.env(?:\..+)?$/.test(name) && !EXAMPLE.test(name) && !isThirdParty(path);
}

const NOT_TEXT =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|woff2?|ttf|otf|eot|mp[34]|m4a|mov|avi|mkv|ogg|wav|flac|webm|pdf|so(?:\.[\d.]+)?|a|o|dll|exe|node|wasm|class|gz|xz|zst|bz2|zip|jar|war|whl|tgz|tar|7z|rar|deb|rpm|apk|mo|dat|bin|db|sqlite3?|pack|idx|parquet|npy|onnx|pt|safetensors|h5|gguf)$/i;

/** Whether a file may be text, by its name: what a build looks at while it copies. */
export function looksTextual(path: string): boolean {
  return !NOT_TEXT.test(path);
}
