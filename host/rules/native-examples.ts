/** Examples of a rule: text that must match and near misses, each under a path. */
import type { LanguageId } from '../../engine/language.ts';
import type { Example, Rule } from '../../engine/rule.ts';
import { describe } from './document.ts';
import type { Reader } from './native-reader.ts';
import { quote } from './problem.ts';

/** A built-in rule has at least as many of each kind. */
const MIN_EXAMPLES = 2;

export interface ExampleContext {
  readonly strict: boolean;
  readonly languages: readonly LanguageId[] | undefined;
  readonly paths: readonly string[] | undefined;
}

export function readExamples(rule: Reader, context: ExampleContext): Rule['examples'] {
  const examples = rule.mapping('examples', { required: context.strict });
  if (examples === undefined) return { match: [], noMatch: [] };
  examples.unknownKeys(['match', 'no-match'], context.strict);
  const path = defaultPath(context);
  return {
    match: readKind(examples, 'match', path, context.strict),
    noMatch: readKind(examples, 'no-match', path, context.strict),
  };
}

function readKind(
  examples: Reader,
  key: string,
  path: string,
  strict: boolean,
): readonly Example[] {
  const entries = examples.list(key);
  if (strict && entries.length < MIN_EXAMPLES) {
    examples.error(
      key,
      `examples.${key} has ${entries.length} entries; expected at least ${MIN_EXAMPLES}`,
    );
  }
  return entries.flatMap(({ value, reader }, index): Example[] => {
    if (typeof value === 'string') return [{ code: value, path }];
    if (reader === undefined) {
      const reason = `examples.${key} holds ${describe(value)} (${quote(value)}); expected text or {code, path}`;
      examples.error(key, reason, index);
      return [];
    }
    reader.unknownKeys(['code', 'path'], strict);
    const code = reader.fields.get('code');
    if (typeof code !== 'string') {
      reader.error(undefined, `examples.${key}[${index}].code is ${describe(code)}; expected text`);
      return [];
    }
    return [{ code, path: reader.text('path') ?? path }];
  });
}

/** Path for examples that name none: of the first language, else one that the first glob takes. */
export function defaultPath(context: Pick<ExampleContext, 'languages' | 'paths'>): string {
  const glob = context.paths?.[0];
  if (glob !== undefined) return pathFor(glob, context.languages?.[0]);
  const language = context.languages?.[0];
  return language === undefined ? 'example.txt' : FILE_NAMES[language];
}

function pathFor(glob: string, language: LanguageId | undefined): string {
  const path = glob
    .replace(/\{([^,{}]*)[^{}]*\}/g, '$1')
    .replace(/\[[!^]?([^\]])[^\]]*\]/g, '$1')
    .replace(/\*\*\//g, '')
    .replace(/\*\*/g, 'example')
    .replace(/\*/g, 'example')
    .replace(/\?/g, 'x')
    .replace(/^\//, '');
  const open = glob.endsWith('*') || glob.endsWith('/');
  if (!open || language === undefined) return path.endsWith('/') ? `${path}example.txt` : path;
  return path.replace(/(?:example)?$/, FILE_NAMES[language]);
}

const FILE_NAMES: Readonly<Record<LanguageId, string>> = {
  python: 'example.py',
  javascript: 'example.js',
  typescript: 'example.ts',
  jsx: 'example.jsx',
  tsx: 'example.tsx',
  vue: 'example.vue',
  svelte: 'example.svelte',
  go: 'example.go',
  java: 'Example.java',
  kotlin: 'Example.kt',
  csharp: 'Example.cs',
  ruby: 'example.rb',
  php: 'example.php',
  rust: 'example.rs',
  swift: 'Example.swift',
  c: 'example.c',
  cpp: 'example.cpp',
  scala: 'Example.scala',
  shell: 'example.sh',
  powershell: 'example.ps1',
  sql: 'example.sql',
  yaml: 'example.yaml',
  json: 'example.json',
  toml: 'example.toml',
  ini: 'example.ini',
  hcl: 'example.tf',
  dockerfile: 'Dockerfile',
  makefile: 'Makefile',
  html: 'example.html',
  jsp: 'example.jsp',
  aspx: 'Example.aspx',
  erb: 'example.html.erb',
  ejs: 'example.ejs',
  xml: 'example.xml',
  css: 'example.css',
  markdown: 'example.md',
  notebook: 'example.ipynb',
};
