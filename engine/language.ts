/** Languages by path. The list is closed: a rule that names another one is refused. */

export const LANGUAGES = [
  'python',
  'javascript',
  'typescript',
  'jsx',
  'tsx',
  'vue',
  'svelte',
  'go',
  'java',
  'kotlin',
  'csharp',
  'ruby',
  'php',
  'rust',
  'swift',
  'c',
  'cpp',
  'scala',
  'shell',
  'powershell',
  'sql',
  'yaml',
  'json',
  'toml',
  'ini',
  'hcl',
  'dockerfile',
  'makefile',
  'html',
  'jsp',
  'aspx',
  'erb',
  'ejs',
  'xml',
  'css',
  'markdown',
  'notebook',
] as const;
export type LanguageId = (typeof LANGUAGES)[number];

export type TemplateLanguage = 'jsp' | 'aspx' | 'erb' | 'ejs';
export type CodeLanguage = Exclude<LanguageId, TemplateLanguage>;

/** Templates: HTML, and between `<%` and `%>` code in another language. Rules for either are for them, too. */
const CODE_OF_TEMPLATES: Readonly<Record<TemplateLanguage, CodeLanguage>> = {
  jsp: 'java',
  aspx: 'csharp',
  erb: 'ruby',
  ejs: 'javascript',
};

const BY_EXTENSION: ReadonlyMap<string, LanguageId> = new Map<string, LanguageId>([
  ...entries('python', 'py pyi pyw'),
  ...entries('javascript', 'js mjs cjs es6'),
  ...entries('typescript', 'ts mts cts'),
  ...entries('jsx', 'jsx'),
  ...entries('tsx', 'tsx'),
  ...entries('vue', 'vue'),
  ...entries('svelte', 'svelte astro'),
  ...entries('go', 'go'),
  ...entries('java', 'java groovy gradle'),
  ...entries('kotlin', 'kt kts'),
  ...entries('csharp', 'cs csx cshtml razor ashx asmx'),
  ...entries('ruby', 'rb rake gemspec ru'),
  ...entries('php', 'php php5 php7 phtml inc'),
  ...entries('rust', 'rs'),
  ...entries('swift', 'swift'),
  ...entries('c', 'c h'),
  ...entries('cpp', 'cpp cc cxx hpp hh hxx ipp m mm ino'),
  ...entries('scala', 'scala sc'),
  ...entries('shell', 'sh bash zsh ksh fish'),
  ...entries('powershell', 'ps1 psm1 psd1'),
  ...entries('sql', 'sql'),
  ...entries('yaml', 'yaml yml'),
  ...entries('json', 'json jsonc json5'),
  ...entries('toml', 'toml'),
  ...entries('ini', 'ini cfg conf properties env'),
  ...entries('hcl', 'tf tfvars hcl'),
  ...entries('dockerfile', 'dockerfile containerfile'),
  ...entries('makefile', 'mk mak'),
  ...entries('html', 'html htm xhtml hbs'),
  ...entries('jsp', 'jsp jspf jspx tag'),
  ...entries('aspx', 'aspx ascx master'),
  ...entries('erb', 'erb rhtml'),
  ...entries('ejs', 'ejs'),
  ...entries('xml', 'xml xsd xsl svg plist config'),
  ...entries('css', 'css scss less'),
  ...entries('markdown', 'md mdx markdown rst txt adoc'),
  ...entries('notebook', 'ipynb'),
]);

const BY_BASENAME: ReadonlyMap<string, LanguageId> = new Map<string, LanguageId>([
  ['dockerfile', 'dockerfile'],
  ['containerfile', 'dockerfile'],
  ['makefile', 'makefile'],
  ['gnumakefile', 'makefile'],
  ['rakefile', 'ruby'],
  ['gemfile', 'ruby'],
  ['vagrantfile', 'ruby'],
  ['brewfile', 'ruby'],
  ['jenkinsfile', 'java'],
  ['podfile', 'ruby'],
  ['fastfile', 'ruby'],
  ['.env', 'ini'],
  ['.flaskenv', 'ini'],
  ['.htaccess', 'ini'],
  ['.npmrc', 'ini'],
  ['npmrc', 'ini'],
  ['.pypirc', 'ini'],
  ['.gitconfig', 'ini'],
  ['gitconfig', 'ini'],
  ['.gitmodules', 'ini'],
  ['.curlrc', 'ini'],
  ['.wgetrc', 'ini'],
  ['ssh_config', 'ini'],
  ['sshd_config', 'ini'],
  ['kubeconfig', 'yaml'],
  ['.bashrc', 'shell'],
  ['.zshrc', 'shell'],
  ['.bash_profile', 'shell'],
  ['.profile', 'shell'],
  ['.envrc', 'shell'],
]);

function entries(language: LanguageId, extensions: string): [string, LanguageId][] {
  return extensions.split(' ').map((extension) => [extension, language]);
}

export function isTemplate(language: LanguageId | undefined): language is TemplateLanguage {
  return language !== undefined && Object.hasOwn(CODE_OF_TEMPLATES, language);
}

/** What the code of a text is written in: of a template, what stands between its tags. */
export function codeLanguageOf(language: LanguageId | undefined): CodeLanguage | undefined {
  if (language === 'notebook') return 'python';
  return isTemplate(language) ? CODE_OF_TEMPLATES[language] : language;
}

/** Languages whose rules are for a text in `language`. */
export function spokenIn(language: LanguageId): readonly LanguageId[] {
  return isTemplate(language) ? [language, CODE_OF_TEMPLATES[language], 'html'] : [language];
}

/**
 * Language of a path by its base name or extension, case-insensitive; undefined when neither is known.
 * `Dockerfile.prod`, `.env.local` and the like count by what stands before the dot.
 */
export function languageOf(path: string): LanguageId | undefined {
  const base = path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .toLowerCase();
  const whole = BY_BASENAME.get(base);
  if (whole !== undefined) return whole;
  const dot = base.lastIndexOf('.');
  const byExtension = dot < 0 ? undefined : BY_EXTENSION.get(base.slice(dot + 1));
  if (byExtension !== undefined && dot > 0) return byExtension;
  const stem = base.indexOf('.', 1);
  return stem < 0 ? undefined : BY_BASENAME.get(base.slice(0, stem));
}

/**
 * What `languageOf` can say of paths that end in `.extension`; undefined when that is anything. A base name
 * that is the extension alone may have none.
 */
export function languagesOfExtension(
  extension: string,
): ReadonlySet<LanguageId | undefined> | undefined {
  const language = BY_EXTENSION.get(extension.toLowerCase());
  return language === undefined ? undefined : new Set([language, languageOf(`.${extension}`)]);
}
