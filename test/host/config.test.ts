import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configTable, readConfig } from '../../host/config.ts';
import type { Environment } from '../../host/config.ts';

const HOME = '/home/ada';

describe('main switches', () => {
  const table: [name: string, env: Environment, enabled: boolean, patternRules: boolean][] = [
    ['nothing set', {}, true, true],
    ['disable 1', { SECURITY_GUIDANCE_DISABLE: '1' }, false, true],
    ['disable True', { SECURITY_GUIDANCE_DISABLE: 'True' }, false, true],
    ['disable YES', { SECURITY_GUIDANCE_DISABLE: 'YES' }, false, true],
    ['disable on', { SECURITY_GUIDANCE_DISABLE: 'on' }, false, true],
    ['disable 0', { SECURITY_GUIDANCE_DISABLE: '0' }, true, true],
    ['disable empty', { SECURITY_GUIDANCE_DISABLE: '' }, true, true],
    ['disable another word', { SECURITY_GUIDANCE_DISABLE: 'enabled' }, true, true],
    ['reminder 0', { ENABLE_SECURITY_REMINDER: '0' }, false, true],
    ['reminder false is not 0', { ENABLE_SECURITY_REMINDER: 'false' }, true, true],
    ['reminder 00 is not 0', { ENABLE_SECURITY_REMINDER: '00' }, true, true],
    ['pattern rules 0', { ENABLE_PATTERN_RULES: '0' }, true, false],
    ['pattern rules off is not 0', { ENABLE_PATTERN_RULES: 'off' }, true, true],
  ];
  it.each(table)('%s', (_name, env, enabled, patternRules) => {
    expect(readConfig(env, HOME)).toMatchObject({ enabled, patternRules });
  });
});

describe('folders', () => {
  const state = 'SECURITY_WARNINGS_STATE_DIR';
  const table: [name: string, env: Environment, home: string | undefined, dir: unknown][] = [
    ['under home', {}, HOME, join(HOME, '.claude', 'security')],
    ['under the config folder', { CLAUDE_CONFIG_DIR: '/etc/cc' }, HOME, '/etc/cc/security'],
    ['named itself', { [state]: '/var/sg', CLAUDE_CONFIG_DIR: '/etc/cc' }, HOME, '/var/sg'],
    [
      'empty counts as unset',
      { [state]: '', CLAUDE_CONFIG_DIR: '' },
      HOME,
      `${HOME}/.claude/security`,
    ],
    ['with a tilde', { [state]: '~/sg' }, HOME, join(HOME, 'sg')],
    ['relative', { [state]: 'sg' }, HOME, resolve('sg')],
    ['with a NUL', { [state]: '/a\0b' }, HOME, `${HOME}/.claude/security`],
    ['no home at all', {}, undefined, undefined],
    ['no home, named', { [state]: '/var/sg' }, undefined, '/var/sg'],
  ];
  it.each(table)('state folder: %s', (_name, env, home, dir) => {
    expect(readConfig(env, home).stateDir).toBe(dir);
  });

  it('keeps the log in the state folder unless it is named', () => {
    expect(readConfig({ [state]: '/var/sg' }, HOME).logPath).toBe('/var/sg/log.txt');
    expect(readConfig({ SECURITY_GUIDANCE_DEBUG_LOG: '/tmp/x.log' }, HOME).logPath).toBe(
      '/tmp/x.log',
    );
    expect(readConfig({}, undefined).logPath).toBeUndefined();
  });

  it('is frozen', () => {
    expect(Object.isFrozen(readConfig({}, HOME))).toBe(true);
  });
});

it('names in the table every variable that is read, and no other', () => {
  const read = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_target, name) {
        read.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(env, HOME);
  expect([...read].sort()).toEqual(configTable.map(({ name }) => name).sort());
});
