/** What a path says about a file: source to review, something else, or something that never leaves. */

const words = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(' ')));

const SOURCE_EXTENSIONS = words(
  'py pyi ipynb js jsx ts tsx mjs cjs mts cts vue svelte astro html htm xhtml ejs hbs mustache twig',
  'j2 jinja jinja2 liquid erb haml slim pug cshtml razor vbhtml aspx ascx jsp jspx ftl vm css scss less',
  'go java kt kts scala groovy gradle clj cljs cljc rb rake gemspec php phtml rs swift m mm c cc cpp cxx',
  'h hh hpp hxx cs fs fsx vb dart lua luau pl pm r jl ex exs eex heex erl hrl hs ml mli nim zig d v sol',
  'vy move cairo pas cr coffee elm sh bash zsh fish ksh ps1 psm1 psd1 bat cmd awk tcl vbs sql psql plsql',
  'graphql gql proto thrift avsc wsdl xml xsd xsl xslt plist yaml yml json json5 jsonc toml ini cfg conf',
  'cnf properties tf tfvars hcl nomad bicep nix cue rego jsonnet libsonnet dhall dockerfile mk cmake',
  'bzl star service socket timer desktop rules reg inf',
);

/** Whole names, or what stands before the first dot of a name. */
const SOURCE_NAMES = words(
  'dockerfile containerfile makefile gnumakefile jenkinsfile vagrantfile rakefile gemfile procfile',
  'brewfile justfile tiltfile caddyfile earthfile fastfile podfile build workspace',
);
const PROSE_EXTENSIONS = words('md mdx markdown rst adoc txt pdf svg png');

/** Names that begin with a dot, have no other dot, and still run or decide something. */
const SOURCE_DOTFILES = words(
  '.htaccess .bashrc .bash_profile .bash_aliases .profile .zshrc .zshenv .zprofile .gitmodules',
  '.gitattributes .babelrc .eslintrc .prettierrc .stylelintrc .mocharc .swcrc .postcssrc',
);

/** Texts without an extension: the word, alone or followed by `-`, `_` or `.`. */
const PROSE_NAMES = [
  'license licence copying copyright notice patents readme changelog changes history news',
  'authors contributors maintainers codeowners contributing thanks todo version install',
  'credits security',
].flatMap((list) => list.split(' '));

const LOCK_NAMES = words(
  'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml packages.lock.json go.sum bun.lockb',
  'gradle.lockfile .terraform.lock.hcl',
);

const GENERATED_SUFFIXES = [
  '.min.js .min.css .bundle.js .d.ts .d.mts .d.cts _pb2.py _pb2_grpc.py .pb.go .g.dart',
  '.designer.cs .js.map .css.map',
].flatMap((list) => list.split(' '));

const DEPENDENCY_FOLDERS = words(
  'node_modules bower_components jspm_packages site-packages __pycache__ .venv .tox .next .nuxt',
  '.svelte-kit .gradle .terraform __generated__ .git',
);
/** Also the names of source folders, so they count at the root and at the root of a package only. */
const OUTPUT_FOLDERS = words('dist build out target vendor third_party venv coverage');
const PACKAGE_PARENTS = words('packages apps services modules libs crates projects plugins');

const SECRET_NAMES = words(
  '.npmrc .yarnrc .netrc _netrc .pypirc .pgpass .my.cnf .mylogin.cnf .git-credentials .gitcredentials',
  '.dockercfg .htpasswd .vault-token .vault_pass .terraformrc .s3cfg .boto credentials kubeconfig',
  'shadow auth.json .dockerconfigjson master.key secring.gpg .rediscli_auth',
);
const SECRET_EXTENSIONS = words(
  'pem key p8 p12 pfx pkcs12 jks keystore kdb kdbx ppk asc gpg pgp ovpn tfstate env',
);
/** Data files of these names hold values; a `credentials.py` is code and is reviewed, redacted. */
const SECRET_STEMS = ['credential', 'credentials', 'secret', 'secrets', 'service-account'];
const DATA_EXTENSIONS = words('json yaml yml toml ini cfg conf xml properties txt csv tfvars');
/** Everything below them. */
const SECRET_FOLDERS = words('.ssh .gnupg .password-store');
const PRIVATE_KEY = /^id_(?:rsa|dsa|ecdsa|ed25519)/;
const SECRET_PLACES = ['.aws/config', '.docker/config.json', '.kube/config', '.ssh/config'];

export type NameVerdict =
  'source' | 'not-source' | 'generated' | 'dependency' | 'lock-file' | 'secret-file';

/** Judges by path alone; case does not matter. A secret file stays one wherever it is. */
export function judgeName(path: string): NameVerdict {
  const lower = path.toLowerCase();
  const segments = lower.split('/');
  const name = segments.pop() ?? '';
  if (segments.some((folder) => SECRET_FOLDERS.has(folder))) return 'secret-file';
  if (isSecretName(name) || SECRET_PLACES.some((place) => `/${lower}`.endsWith(`/${place}`)))
    return 'secret-file';
  if (segments.some((folder, depth) => isForeignFolder(segments, folder, depth)))
    return 'dependency';
  if (LOCK_NAMES.has(name) || name.endsWith('.lock')) return 'lock-file';
  if (GENERATED_SUFFIXES.some((suffix) => name.endsWith(suffix))) return 'generated';
  return isSourceName(name) ? 'source' : 'not-source';
}

function isForeignFolder(segments: readonly string[], folder: string, depth: number): boolean {
  if (DEPENDENCY_FOLDERS.has(folder)) return true;
  if (!OUTPUT_FOLDERS.has(folder)) return false;
  return depth === 0 || (depth === 2 && PACKAGE_PARENTS.has(segments[0] ?? ''));
}

function isSourceName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  if (dot > 0) {
    const extension = name.slice(dot + 1);
    if (SOURCE_EXTENSIONS.has(extension)) return true;
    if (name === 'cmakelists.txt') return true;
    if (name.startsWith('requirements') && extension === 'txt') return true;
    return SOURCE_NAMES.has(name.slice(0, name.indexOf('.'))) && !PROSE_EXTENSIONS.has(extension);
  }
  if (dot === 0) return SOURCE_DOTFILES.has(name);
  if (SOURCE_NAMES.has(name)) return true;
  return !PROSE_NAMES.some(
    (word) => name === word || (name.startsWith(word) && '-_'.includes(name.charAt(word.length))),
  );
}

function isSecretName(name: string): boolean {
  if (name.startsWith('.env') || PRIVATE_KEY.test(name) || SECRET_NAMES.has(name)) return true;
  const dot = name.lastIndexOf('.');
  if (dot < 0) return name.startsWith('id_');
  const extension = name.slice(dot + 1);
  if (SECRET_EXTENSIONS.has(extension)) return true;
  if (!DATA_EXTENSIONS.has(extension)) return false;
  const stem = name.slice(0, name.indexOf('.', 1));
  return SECRET_STEMS.some((word) => stem === word || stem.startsWith(`${word}-`));
}
