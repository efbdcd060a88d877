/** The compiled table of each language that one table can tell. */
import type { LanguageId } from '../../language.ts';
import { compileTable } from '../table.ts';
import type { CompiledTable } from '../table.ts';
import { C, CPP, CSHARP, GO, JAVA, KOTLIN, RUST, SCALA, SWIFT } from './c-like.ts';
import {
  CSS,
  DOCKERFILE,
  HCL,
  INI,
  JSON_TABLE,
  MAKEFILE,
  POWERSHELL,
  SHELL,
  SQL,
  TOML,
  XML,
  YAML,
} from './config.ts';
import { JAVASCRIPT, PHP, PYTHON, RUBY, TYPESCRIPT } from './script.ts';

/** Languages with a reader of their own: markup around code, and texts that are not code at all. */
export type MixedLanguage = 'html' | 'vue' | 'svelte' | 'php' | 'markdown' | 'notebook';

const SCRIPT = compileTable(JAVASCRIPT);

/** `php` is what stands between `<?php` and `?>`. */
export const TABLES: Readonly<Record<Exclude<LanguageId, MixedLanguage> | 'php', CompiledTable>> = {
  python: compileTable(PYTHON),
  javascript: SCRIPT,
  typescript: compileTable(TYPESCRIPT),
  jsx: SCRIPT,
  tsx: SCRIPT,
  go: compileTable(GO),
  java: compileTable(JAVA),
  kotlin: compileTable(KOTLIN),
  csharp: compileTable(CSHARP),
  ruby: compileTable(RUBY),
  php: compileTable(PHP),
  rust: compileTable(RUST),
  swift: compileTable(SWIFT),
  c: compileTable(C),
  cpp: compileTable(CPP),
  scala: compileTable(SCALA),
  shell: compileTable(SHELL),
  powershell: compileTable(POWERSHELL),
  sql: compileTable(SQL),
  yaml: compileTable(YAML),
  json: compileTable(JSON_TABLE),
  toml: compileTable(TOML),
  ini: compileTable(INI),
  hcl: compileTable(HCL),
  dockerfile: compileTable(DOCKERFILE),
  makefile: compileTable(MAKEFILE),
  xml: compileTable(XML),
  css: compileTable(CSS),
};
