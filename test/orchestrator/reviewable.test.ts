/** Which files a review looks at. */
import { describe, expect, test } from 'vitest';
import { judgeName } from '../../orchestrator/reviewable-names.ts';
import { selectReviewable } from '../../orchestrator/reviewable.ts';
import type { ChangedFile } from '../../orchestrator/change.ts';
import { changed } from './pack-support.ts';

describe('by name', () => {
  test.each([
    [
      'source',
      'a.py src/b.TSX c.vue d.kts e.dart f.lua pom.xml page.erb View.cshtml x.jsp main.tf',
    ],
    [
      'source',
      'a.cc a.cxx App.m run.bat x.psm1 api.proto s.graphql nginx.conf my.ini t.twig t.hbs',
    ],
    [
      'source',
      'n.nix m.bicep t.j2 z.zig c.sol s.pl s.ex Page.astro style.css infra.tfvars nb.ipynb',
    ],
    [
      'source',
      'Dockerfile Dockerfile.prod Makefile deploy bin/run .htaccess .github/workflows/ci.yml',
    ],
    [
      'source',
      'src/build/x.js app/target/y.java lib/vendor/z.rb CMakeLists.txt requirements-dev.txt',
    ],
    [
      'source',
      'credentials.py secrets.ts id_generator.py tests/test_auth.py package.json .gitmodules',
    ],
    [
      'not-source',
      'README.md LICENSE license-mit docs/a.rst notes.txt a.png build.md Changelog .hidden',
    ],
    [
      'lock-file',
      'package-lock.json pnpm-lock.yaml yarn.lock Cargo.lock go.sum uv.lock Gemfile.lock',
    ],
    ['generated', 'a.min.js types.d.ts x_pb2.py x.pb.go bundle.js.map'],
    [
      'dependency',
      'node_modules/a/b.js dist/x.js packages/a/dist/x.js build/x.py vendor/x.go .venv/a.py',
    ],
    [
      'secret-file',
      '.env .env.local config/.env.prod prod.env server.pem a/b.KEY id_rsa .ssh/id_ed25519',
    ],
    [
      'secret-file',
      '.npmrc .netrc .pypirc .aws/credentials .aws/config credentials.json secrets.yaml',
    ],
    [
      'secret-file',
      'service-account-prod.json store.jks node_modules/x/.npmrc .docker/config.json a.tfstate',
    ],
  ])('%s: %s', (verdict, paths) => {
    for (const path of paths.split(' ')) expect([path, judgeName(path)]).toEqual([path, verdict]);
  });
});

function select(files: readonly ChangedFile[], limits = { maxFiles: 30, tooManyFiles: 300 }) {
  return selectReviewable({ files, skipped: [{ path: 'deep/x', reason: 'not read' }] }, limits);
}

function reasons(files: readonly ChangedFile[]): string[] {
  const selection = select(files);
  if (selection.kind === 'too-many') throw new Error('too many');
  return selection.skipped.slice(1).map(({ path, reason }) => `${path}: ${reason}`);
}

describe('selection', () => {
  test('says why a file is left out', () => {
    expect(
      reasons([
        changed('README.md', 'a', 'b'),
        changed('.env', 'A=1', 'A=2'),
        changed('settings.py', 'a', 'b', { status: 'renamed', oldPath: '.env.py' }),
        changed('big.js', '', 'x'.repeat(1_000_001)),
        changed('image.py', '', '\u0000\u0001\u0002abc'),
        { repo: 'lib', path: 'x.py', status: 'modified' },
      ]),
    ).toEqual([
      'README.md: not source code',
      '.env: may hold secrets as a whole, so it is never sent',
      'settings.py: may hold secrets as a whole, so it is never sent',
      'big.js: too large: 1000001 bytes, at most 1000000 are looked at',
      'image.py: binary content',
      'lib/x.py: its content was not read',
    ]);
  });

  test('a NUL does not hide a file, UTF-16 is text, and a link counts whatever its name', () => {
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from('eval(x)', 'utf16le')]);
    const selection = select([
      changed('a.js', '', `// \u0000\n${'eval(x)\n'.repeat(5)}`),
      { ...changed('b.ps1', '', ''), after: utf16 },
      changed('docs.md', '', '/etc/passwd', { afterMode: '120000' }),
      { repo: '', path: 'run.sh', status: 'mode', beforeMode: '100644', afterMode: '100755' },
    ]);
    expect(selection).toMatchObject({ kind: 'selected', files: { length: 4 } });
  });

  test('takes the riskiest first, and those equal in risk as they came', () => {
    const names = [
      'z.py',
      'a.py',
      'tests/auth_test.py',
      'auth.py',
      'long.py',
      'gone/auth.py',
      'api.test.ts',
    ];
    const files = names.map((path) =>
      path.startsWith('gone')
        ? changed(path, 'x', undefined)
        : changed(path, 'a\nb\n', path === 'long.py' ? 'a\nb\nc\nd\ne\n' : 'b\na\nc\n'),
    );
    const selection = select(files, { maxFiles: 5, tooManyFiles: 300 });
    expect(selection).toMatchObject({
      kind: 'selected',
      files: ['auth.py', 'tests/auth_test.py', 'api.test.ts', 'long.py', 'z.py'].map((path) => ({
        path,
      })),
      skipped: [
        { path: 'deep/x' },
        { path: 'a.py', reason: 'beyond the 5 riskiest files of 7' },
        { path: 'gone/auth.py', reason: 'beyond the 5 riskiest files of 7' },
      ],
    });
  });

  test('the content of all files together is bounded', () => {
    const files = Array.from({ length: 12 }, (_, i) =>
      changed(`f${i}.py`, '', 'x'.repeat(900_000)),
    );
    expect(select(files)).toMatchObject({ files: { length: 8 }, skipped: { length: 5 } });
    expect(reasons(files)[0]).toBe('f8.py: beyond 8000000 bytes of content in all files together');
  });

  test('every file is either selected or skipped', () => {
    const files = Array.from({ length: 120 }, (_, i) =>
      changed(`src/${i % 3 ? `f${i}.py` : `${i}.md`}`, '', 'x'),
    );
    const selection = select(files);
    if (selection.kind !== 'selected') throw new Error(selection.kind);
    const all = [...selection.files, ...selection.skipped.slice(1)].map(({ path }) => path);
    expect(all.sort()).toEqual(files.map(({ path }) => path).sort());
  });

  test('too many source files are not reviewed at all, other files do not count', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => changed(`f${i}.py`, '', 'x'));
    expect(select(many(301))).toEqual({ kind: 'too-many', count: 301, limit: 300 });
    expect(select([...many(300), changed('a.md', '', 'x')]).kind).toBe('selected');
    expect(select([changed('a.md', '', 'x')]).kind).toBe('nothing');
  });
});
