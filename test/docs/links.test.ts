/** Links, file names and versions in the documents. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, packageField, prose, readDocument, ROOT } from './documents.ts';
import type { Document } from './documents.ts';

/** Anchors as code hosts make them from headings. */
function anchors(document: Document): string[] {
  return [...prose(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(document: Document): string[] {
  const targets = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target = '']) => target,
  );
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return !target.startsWith('https://');
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? document.path : join(dirname(document.path), file);
    if (!existsSync(join(ROOT, path))) return true;
    return anchor !== undefined && !anchors(readDocument(path)).includes(anchor);
  });
}

/** Paths of the repository in backticks: `engine/rule.ts`, `test/e2e`, `rules/`. */
function missingFiles(document: Document): string[] {
  const named = [
    ...prose(document).matchAll(
      /`((?:engine|host|workers|hooks|cli|bench|rules|scripts|test|docs)\/[\w./-]*)`/g,
    ),
  ].map(([, path = '']) => path);
  // What a contributor is about to write.
  return named.filter((path) => !path.startsWith('rules/my-') && !existsSync(join(ROOT, path)));
}

describe.each(documents())('$path', (document) => {
  it('has no broken link', () => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it('names files that exist', () => {
    expect(missingFiles(document)).toEqual([]);
  });
});

describe('version', () => {
  it('of package.json is the newest in CHANGELOG.md', () => {
    const newest = /^## (\S+)/m.exec(readDocument('CHANGELOG.md').text)?.[1];
    expect(newest).toBe(packageField('version'));
  });
});
