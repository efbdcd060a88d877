import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CLI, collect, isBuilt, RULE, start, steady, useFolder } from './helpers/cli.ts';

const { root, write, scan } = useFolder();

describe.skipIf(!isBuilt)('sg scan', () => {
  it('reports findings as text', async () => {
    write({
      't/a.py': 'x = 1\nif x:\n\tevil(x)  # no\n',
      't/b/c.py': '# evil(x)\n',
      't/d.png': 'x',
    });
    const result = await scan(['t']);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(1);
    expect(steady(result.stdout)).toMatchInlineSnapshot(`
      "t/a.py
        3:2  high  no-evil  Call of evil
             evil(x)  # no
             ^^^^^
             fix: Use good.

      1 finding in 1 file, 2 files scanned, 1 binary file skipped, N s
      "
    `);
  });

  it('reports findings as JSON and SARIF, to a file too', async () => {
    write({
      't/ü b.py': 'evil(x)\nevil(x)\n',
      't/s.py': 'evil(s)  # sg-ignore: no-evil -- only here\n',
    });
    const json = JSON.parse((await scan(['t', '--format', 'json', '--show-suppressed'])).stdout);
    expect(json.findings.map((one: { path: string }) => one.path)).toEqual([
      't/ü b.py',
      't/ü b.py',
    ]);
    expect(json.findings[0].fingerprint).not.toBe(json.findings[1].fingerprint);
    expect(json.suppressed[0].suppression).toEqual({
      by: 'comment',
      reason: 'only here',
      line: 1,
    });
    const sarif = await scan(['t', '--format', 'sarif', '-o', 'out.sarif']);
    expect(sarif.stdout).toBe('');
    expect(steady(sarif.stderr)).toBe('2 findings in 1 file, 2 files scanned, 1 suppressed, N s\n');
    const [result] = JSON.parse(readFileSync(join(root(), 'out.sarif'), 'utf8')).runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('t/%C3%BC%20b.py');
  });

  it.each<[string[], number]>([
    [['t'], 1],
    [['t/clean.py'], 0],
    [['t', '--fail-on', 'critical'], 0],
    [['t', '--fail-on', 'high'], 1],
    [['t', '--fail-on', 'never'], 0],
    [['t', 'gone'], 2],
    [['t', '--output', 'no/such/folder'], 2],
    [['t', '--exclude', 'evil.py'], 0],
    [['t', '--include', '*.ts'], 0],
    [['t', '--rules', 'gone.yaml'], 2],
  ])('%j exits %d', async (args, code) => {
    write({ 't/evil.py': 'evil(x)\n', 't/clean.py': 'x = 1\n' });
    expect((await scan(args)).code).toBe(code);
  });

  it('scans standard input under a name', async () => {
    const result = await scan(['--stdin', '--stdin-filename', 'src/x.py'], {
      input: '\n  evil(1)\n',
    });
    expect(result.code).toBe(1);
    expect(steady(result.stdout)).toMatchInlineSnapshot(`
      "src/x.py
        2:3  high  no-evil  Call of evil
             evil(1)
             ^^^^^
             fix: Use good.

      1 finding in 1 file, 1 file scanned, N s
      "
    `);
    expect(
      (await scan(['--stdin', '--stdin-filename', 'x.txt'], { input: 'evil(1)\n' })).code,
    ).toBe(0);
  });

  it('names what it could not scan and scans the rest', async () => {
    write({ 't/a.py': 'evil(x)\n' });
    symlinkSync(join(root(), 't/a.py'), join(root(), 'link.py'));
    const result = await scan(['gone.py', 'link.py', 't', '--format', 'json']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('sg scan: not scanned: gone.py: no such file or folder\n');
    expect(result.stderr).toContain(
      'sg scan: not scanned: link.py: a symbolic link, which is never followed',
    );
    const report = JSON.parse(result.stdout);
    expect(report.notScanned.map((one: { path: string }) => one.path)).toEqual([
      'gone.py',
      'link.py',
    ]);
    expect(report.findings).toHaveLength(1);
  });

  it('names a broken rule file and still runs the others', async () => {
    write({
      'r/broken.yaml': 'id: broken\npatterns: ["("]\nmessage: {what: a, why: b, fix: c}\n',
      't/a.py': 'evil(x)\n',
    });
    const result = await scan(['t']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('broken.yaml:2');
    expect(result.stdout).toContain('no-evil');
  });

  it('carries hostile file names', async () => {
    write({ 't/line\nbreak.py': 'evil(1)\n', 't/\u001b]0;owned\u0007.py': 'evil(2)\n' });
    writeFileSync(
      Buffer.concat([Buffer.from(`${root()}/t/caf`), Buffer.from([0xe9]), Buffer.from('.py')]),
      'evil(3)\n',
    );
    const text = await scan(['t']);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(String.raw`t/line\nbreak.py`);
    expect(text.stdout).toContain(String.raw`t/\x1b]0;owned\x07.py`);
    expect(text.stdout).toContain(String.raw`t/caf\xe9.py`);
    expect(text.stdout).not.toMatch(/(?!\n)\p{Cc}/u);
    const json = JSON.parse((await scan(['t', '--format', 'json'])).stdout);
    expect(json.findings).toHaveLength(3);
  });

  it('obeys NO_COLOR and FORCE_COLOR', async () => {
    write({ 't/a.py': 'evil(x)\n' });
    expect((await scan(['t'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[');
    expect((await scan(['t'], { env: { FORCE_COLOR: '0' } })).stdout).not.toContain('\u001b[');
    expect((await scan(['t'], { env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
  });

  it('gives a slow reader all of a long report', async () => {
    write({ 'r/no-evil.yaml': RULE, 't/a.py': 'evil(x)\n'.repeat(3000) });
    const child = start(['scan', '--no-builtin', '--rules', 'r', 't', '--format', 'json'], {
      cwd: root(),
    });
    const chunks: string[] = [];
    child.stdout.setEncoding('utf8');
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    await sleep(1500);
    for await (const chunk of child.stdout) {
      chunks.push(String(chunk));
      if (chunks.length < 20) await sleep(20);
    }
    expect(await closed).toBe(1);
    const text = chunks.join('');
    expect(text.length).toBeGreaterThan(1 << 20);
    expect(JSON.parse(text).findings).toHaveLength(3000);
  });

  it('ends quietly when its reader goes away', async () => {
    write({ 'r/no-evil.yaml': RULE, 't/a.py': 'evil(x)\n'.repeat(3000) });
    const command = `"${process.execPath}" "${CLI}" scan --no-builtin --rules r t 2>err | head -n 1`;
    expect(execFileSync('sh', ['-c', command], { cwd: root(), encoding: 'utf8' })).toBe('t/a.py\n');
    expect(readFileSync(join(root(), 'err'), 'utf8')).toBe('');
  });

  it('stops at SIGINT and leaves no process', async () => {
    write({ 'r/no-evil.yaml': RULE });
    // Enough work that the scan cannot end by itself first.
    for (let file = 0; file < 30; file += 1)
      write({ [`t/${file}.py`]: 'evil(x)\n'.repeat(60_000) });
    const child = start(['scan', '--no-builtin', '--rules', 'r', 't', '--jobs', '2'], {
      cwd: root(),
    });
    const result = collect(child);
    await sleep(700);
    child.kill('SIGINT');
    const begun = performance.now();
    const { code, stdout } = await result;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(existsSync(`/proc/${child.pid}`)).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('says when it cannot write the report', async () => {
    write({ 't/a.py': 'x\n', 'ro/x': '' });
    chmodSync(join(root(), 'ro'), 0o500);
    const result = await scan(['t', '-o', 'ro/out.json']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('cannot write the report to "ro/out.json": permission denied');
  });
});
