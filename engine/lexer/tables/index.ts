/** The table of each language that one table can tell. */
import type { LanguageId, TemplateLanguage } from '../../language.ts';
import { compileTable } from '../table.ts';
import type { CompiledTable, Table } from '../table.ts';
import { c, cpp, csharp, go, java, kotlin, rust, scala, swift } from './c-like.ts';
import {
  css,
  dockerfile,
  hcl,
  ini,
  json,
  makefile,
  powershell,
  shell,
  sql,
  toml,
  xml,
  yaml,
} from './config.ts';
import { javascript, php, python, ruby, typescript } from './script.ts';

/** Languages with a reader of their own: markup around code, and texts that are not code at all. */
export type MixedLanguage =
  TemplateLanguage | 'html' | 'vue' | 'svelte' | 'php' | 'markdown' | 'notebook';

/** `php` is what stands between `<?php` and `?>`. */
export type TableLanguage = Exclude<LanguageId, MixedLanguage> | 'php';

const TABLES: Readonly<Record<TableLanguage, () => Table>> = {
  python,
  javascript,
  typescript,
  jsx: javascript,
  tsx: javascript,
  go,
  java,
  kotlin,
  csharp,
  ruby,
  php,
  rust,
  swift,
  c,
  cpp,
  scala,
  shell,
  powershell,
  sql,
  yaml,
  json,
  toml,
  ini,
  hcl,
  dockerfile,
  makefile,
  xml,
  css,
};

/** Compiled tables; each is made when it is first asked for, since a hook's process reads one file. */
export class Tables {
  readonly #compiled = new Map<() => Table, CompiledTable>();

  of(language: TableLanguage): CompiledTable {
    const make = TABLES[language];
    let compiled = this.#compiled.get(make);
    if (compiled === undefined) {
      compiled = compileTable(make());
      this.#compiled.set(make, compiled);
    }
    return compiled;
  }
}
