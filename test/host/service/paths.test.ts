import { describe, expect, test } from 'vitest';
import { serviceAddress, serviceDir } from '../../../host/service/paths.ts';

describe('on Windows', () => {
  const address = (dir: string): string => serviceAddress(dir, 'win32');

  test('the folder lies in the state folder', () => {
    expect(serviceDir('C:\\Users\\ada\\.claude\\security', 'win32')).toBe(
      'C:\\Users\\ada\\.claude\\security\\service',
    );
  });

  test('the address is a pipe whose name tells nothing of the path', () => {
    expect(address('C:\\Users\\ada\\service')).toMatch(
      /^\\\\\.\\pipe\\security-guidance-[0-9a-f]{32}$/,
    );
  });

  test.each([
    ['upper case', 'c:\\users\\ADA\\Service'],
    ['slashes', 'C:/Users/ada/service'],
    ['a separator at the end', 'C:\\Users\\ada\\service\\'],
    ['dots', 'C:\\Users\\bob\\..\\ada\\.\\service'],
  ])('%s names the same pipe', (_, dir) => {
    expect(address(dir)).toBe(address('C:\\Users\\ada\\service'));
  });

  test('another folder has another pipe', () => {
    expect(address('C:\\Users\\bob\\service')).not.toBe(address('C:\\Users\\ada\\service'));
  });
});

test('elsewhere the address is the socket in the folder', () => {
  expect(serviceAddress(serviceDir('/home/ada/.claude/security', 'linux'), 'linux')).toBe(
    '/home/ada/.claude/security/service/s',
  );
});
