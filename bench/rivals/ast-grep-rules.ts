/** What `ast-grep` is asked for: shapes that our rules for the same mistakes look for, in its own language. */

interface AstGrepRule {
  readonly id: string;
  readonly language: string;
  readonly rule: { readonly any: readonly { readonly pattern: string }[] };
}

function ruleOf(id: string, language: string, patterns: readonly string[]): AstGrepRule {
  return { id, language, rule: { any: patterns.map((pattern) => ({ pattern })) } };
}

const SCRIPT = [
  'eval($$$A)',
  'new Function($$$A)',
  '$X.innerHTML = $V',
  '$X.outerHTML = $V',
  'document.write($$$A)',
  '$X.insertAdjacentHTML($$$A)',
  'child_process.exec($$$A)',
];
const PYTHON = [
  'eval($$$A)',
  'exec($$$A)',
  'os.system($$$A)',
  'subprocess.$F($$$A, shell=True, $$$B)',
  'subprocess.$F($$$A, shell=True)',
  'pickle.loads($$$A)',
  'pickle.load($$$A)',
  'yaml.load($$$A)',
];

/** As `--inline-rules` takes them: documents of YAML, which JSON is. */
export const AST_GREP_RULES: string = [
  ruleOf('script', 'JavaScript', SCRIPT),
  ruleOf('typescript', 'TypeScript', SCRIPT),
  ruleOf('python', 'Python', PYTHON),
]
  .map((rule) => JSON.stringify(rule))
  .join('\n---\n');

/** Ours for the same. */
export const SAME_RULES: readonly string[] = [
  'js-eval',
  'js-new-function',
  'js-inner-html',
  'js-outer-html',
  'js-document-write',
  'js-insert-adjacent-html',
  'node-child-process-exec',
  'python-eval',
  'python-exec',
  'python-os-system',
  'python-subprocess-shell',
  'python-pickle-load',
  'python-yaml-unsafe-load',
];
