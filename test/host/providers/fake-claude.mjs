#!/usr/bin/env node
/** A `claude` that plays what `SG_TEST_PLAY` says, and writes down how it was called. */
import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const play = JSON.parse(process.env.SG_TEST_PLAY ?? '{}');
let stdin = '';
for await (const chunk of process.stdin.setEncoding('utf8')) stdin += chunk;
if (play.record) {
  const { argv, env } = process;
  writeFileSync(
    play.record,
    JSON.stringify({ args: argv.slice(2), env, stdin, cwd: process.cwd() }),
  );
}
if (play.listing) {
  const files = readdirSync('.', { recursive: true }).filter((path) => statSync(path).isFile());
  const texts = files.map((path) => [path, readFileSync(path, 'utf8')]);
  writeFileSync(play.listing, JSON.stringify(Object.fromEntries(texts)));
}
if (play.calls) appendFileSync(play.calls, '.');
if (play.hang) {
  // What it starts has to end with it, even when it does not care for signals.
  process.on('SIGTERM', () => undefined);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'inherit',
  });
  writeFileSync(play.hang, `${process.pid} ${child.pid}`);
  setInterval(() => undefined, 1000);
} else {
  if (play.flood) process.stdout.write('x'.repeat(play.flood));
  process.stderr.write(play.stderr ?? '');
  process.stdout.write(play.stdout ?? '');
  process.exitCode = play.code ?? 0;
}
