/** A scratch folder for each test, git in it, and its listing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { listFiles } from '../../../host/files/list.ts';
import type { ListOptions, ListReport } from '../../../host/files/list.ts';

export interface Tree {
  readonly root: () => string;
  /** Writes files below the root, or below another folder. */
  readonly write: (files: Readonly<Record<string, string>>, base?: string) => void;
  readonly git: (...args: string[]) => string;
  /** What git tracks or would. */
  readonly gitFiles: () => string[];
  readonly list: (
    options?: Partial<ListOptions>,
  ) => Promise<{ files: string[]; report: ListReport }>;
}

export function useTree(): Tree {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sg-list-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: root,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
    });
  return {
    root: () => root,
    git,
    write(files, base = root) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(base, path)), { recursive: true });
        writeFileSync(join(base, path), text);
      }
    },
    gitFiles: () =>
      git('ls-files', '-co', '--exclude-standard', '-z').split('\0').filter(Boolean).sort(),
    async list(options = {}) {
      const listing = listFiles({ cwd: root, paths: ['.'], gitignore: true, ...options });
      const files: string[] = [];
      for await (const file of listing.files) files.push(file.relative);
      return { files: files.sort(), report: listing.report() };
    },
  };
}
