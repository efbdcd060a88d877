/** Third-party packages inside the bundles, and the text of NOTICE. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its package.json. */
  readonly license: string;
  /** The whole text of its licence file. */
  readonly text: string;
}

/** Entries and externals of the bundles, as `build.mjs` has them. */
const BUNDLES = [
  {
    input: ['cli/main.ts', 'workers/scan-worker.ts'],
    external: ['piscina', 're2-wasm', 'tinybench'],
  },
  {
    input: ['hooks/main.ts', 'hooks/service.ts', 'hooks/edit-worker.ts', 'hooks/start-service.ts'],
    external: ['@napi-rs/nice'],
  },
  { input: ['bench/report/page/main.ts'], external: [] },
];
const FOLDER = 'node_modules/';

/** Packages of which at least one module gets into a bundle, by name. Throws for one without a licence file. */
export async function bundledPackages(root: string): Promise<BundledPackage[]> {
  const folders = new Set<string>();
  for (const { input, external } of BUNDLES) {
    const build = await rolldown({
      input,
      cwd: root,
      platform: 'node',
      external: [/^node:/, ...external],
      logLevel: 'silent',
    });
    const { output } = await build.generate({ format: 'esm' });
    await build.close();
    for (const part of output) {
      if (part.type !== 'chunk') continue;
      for (const id of part.moduleIds) {
        const folder = packageFolder(id);
        if (folder !== undefined) folders.add(folder);
      }
    }
  }
  const apache = readFileSync(join(root, 'LICENSE'), 'utf8');
  const packages = [...folders].map((folder) => readPackage(folder, apache));
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Folder of the package that a module is in; undefined for our own modules. */
function packageFolder(moduleId: string): string | undefined {
  const path = moduleId.replaceAll('\\', '/');
  const at = path.lastIndexOf(`/${FOLDER}`);
  if (at < 0) return undefined;
  const start = at + 1 + FOLDER.length;
  const [first = '', second = ''] = path.slice(start).split('/');
  return path.slice(0, start) + (first.startsWith('@') ? `${first}/${second}` : first);
}

function readPackage(folder: string, apache: string): BundledPackage {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const field = (name: string): string => {
    const fields = new Map(Object.entries(Object(manifest)));
    const value: unknown = fields.get(name);
    if (typeof value !== 'string')
      throw new Error(`${folder}/package.json: ${name} is ${typeof value}; expected text`);
    return value;
  };
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const name = field('name');
  const license = field('license');
  const text =
    file === undefined
      ? textWithoutFile(name, license, apache)
      : readFileSync(join(folder, file), 'utf8');
  return { name, version: field('version'), license, text };
}

/** Some packages name a licence and publish no text of it. */
function textWithoutFile(name: string, license: string, apache: string): string {
  if (license === 'Apache-2.0') return apache;
  if (license === 'MIT') return MIT.replace('{owner}', `the authors of ${name}`);
  throw new Error(`${name} has no licence file, and its licence is ${license}`);
}

const MIT = `MIT License

Copyright (c) {owner}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** NOTICE: `head`, then every package with its licence; equal texts are printed once. */
export function noticeText(head: string, packages: readonly BundledPackage[]): string {
  const byText = new Map<string, BundledPackage[]>();
  for (const each of packages) {
    const text = tidy(each.text);
    byText.set(text, [...(byText.get(text) ?? []), each]);
  }
  const parts = [...byText].map(([text, group]) => {
    const names = group.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join('\n')}\n\n${text}`;
  });
  return `${[head.trim(), ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function tidy(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
