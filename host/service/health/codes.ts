/**
 * What can go wrong when the service starts: where (a phase) and what (an error code). Both tables are
 * append-only: health files of older versions are read by newer ones, so that a number never changes its
 * meaning and is never used again.
 */

/** Steps of a start, in their order. */
export const PHASES = [
  { number: 1, name: 'find-runtime', meaning: 'looking for Node.js and the files of the plugin' },
  { number: 2, name: 'spawn', meaning: 'starting the process' },
  { number: 3, name: 'lock', meaning: 'making the folder and becoming the only one' },
  { number: 4, name: 'listen', meaning: 'opening the socket' },
  { number: 5, name: 'wasm', meaning: 'compiling the regex engine' },
  { number: 6, name: 'rules', meaning: 'loading the built-in rules' },
  { number: 7, name: 'pool', meaning: 'starting the worker threads' },
  { number: 8, name: 'handshake', meaning: 'answering the first question' },
] as const;

export type Phase = (typeof PHASES)[number]['name'];

/** What can go wrong. `action` is what the user can do, a sentence without a full stop. */
export const CODES = [
  {
    number: 1,
    name: 'missing-runtime',
    meaning: 'Node.js was not found',
    action: 'install Node.js 20 or newer, or put it on PATH',
  },
  {
    number: 2,
    name: 'permission',
    meaning: 'the system refused access to a file or folder',
    action: 'give your user access to the state folder and to the plugin',
  },
  {
    number: 3,
    name: 'disk-full',
    meaning: 'the disk or a quota is full',
    action: 'free some space where the state folder is',
  },
  {
    number: 4,
    name: 'read-only',
    meaning: 'the file system is mounted read-only',
    action: 'set SECURITY_WARNINGS_STATE_DIR to a folder that can be written',
  },
  {
    number: 5,
    name: 'socket-path-too-long',
    meaning: 'the path of the socket, or of another file, is longer than the system allows',
    action: 'set SECURITY_WARNINGS_STATE_DIR to a shorter path',
  },
  {
    number: 6,
    name: 'stale-socket',
    meaning: 'a socket that nobody serves could not be removed',
    action: 'remove the file "s" in the service folder',
  },
  {
    number: 7,
    name: 'address-in-use',
    meaning: 'something else listens on the socket',
    action: 'end the other process, or remove the file "s" in the service folder',
  },
  {
    number: 8,
    name: 'version-mismatch',
    meaning: 'a service of another version runs and does not leave',
    action: 'end the older service; its process id is in service.json',
  },
  {
    number: 9,
    name: 'out-of-memory',
    meaning: 'there was not enough memory',
    action: 'free memory or raise the limit of the shell or container; SG_SERVICE=0 does without',
  },
  {
    number: 10,
    name: 'killed-by-signal',
    meaning: 'the service was killed while it started',
    action: 'look whether the system ran out of memory; SG_SERVICE=0 does without the service',
  },
  {
    number: 11,
    name: 'timeout',
    meaning: 'it took longer than it may',
    action: 'try again with "sg doctor --probe" when the machine is less busy',
  },
  {
    number: 12,
    name: 'not-a-directory',
    meaning: 'a part of the path is not a folder, or something else is in its place',
    action: 'remove or rename what is in the place of the state folder',
  },
  {
    number: 13,
    name: 'not-owned',
    meaning: 'the service folder or socket belongs to another user',
    action: 'set SECURITY_WARNINGS_STATE_DIR to a folder of your own',
  },
  {
    number: 14,
    name: 'folder-gone',
    meaning: 'the service folder, or one above it, is not there',
    action: 'make the state folder, or set SECURITY_WARNINGS_STATE_DIR to one that exists',
  },
  {
    number: 15,
    name: 'too-many-files',
    meaning: 'too many files are open',
    action: 'raise the limit (ulimit -n) or close programs',
  },
  {
    number: 16,
    name: 'no-threads',
    meaning: 'the system gives no more processes or threads',
    action: 'raise the limit (ulimit -u, or the container’s pids limit) or close programs',
  },
  {
    number: 17,
    name: 'missing-file',
    meaning: 'a file of the plugin is missing',
    action: 'install the plugin again',
  },
  {
    number: 18,
    name: 'corrupt-file',
    meaning: 'a file of the plugin is damaged',
    action: 'install the plugin again',
  },
  {
    number: 19,
    name: 'cooldown',
    meaning: 'an earlier start was killed, and no other one is tried for a while',
    action: 'wait, or try once with "sg doctor --probe"',
  },
  {
    number: 20,
    name: 'runtime-too-old',
    meaning: 'the Node.js that was found is too old',
    action: 'install Node.js 20 or newer',
  },
  {
    number: 21,
    name: 'not-private',
    meaning: 'other users may enter or write the service folder',
    action: 'run chmod 700 on the service folder',
  },
  {
    number: 22,
    name: 'lock-held',
    meaning: 'another start holds the lock',
    action: 'wait a minute; then remove the lock files in the service folder',
  },
  {
    number: 23,
    name: 'bad-reply',
    meaning: 'what answers on the socket is no service of this plugin',
    action: 'end the other process, or remove the file "s" in the service folder',
  },
  {
    number: 24,
    name: 'ended',
    meaning: 'the service ended before it answered, without a word',
    action: 'run "sg serve" to see what it does',
  },
  {
    number: 25,
    name: 'link-loop',
    meaning: 'a path leads through too many symbolic links',
    action: 'repair the links, or set SECURITY_WARNINGS_STATE_DIR to a plain folder',
  },
  {
    number: 26,
    name: 'io-error',
    meaning: 'the disk reported an error',
    action: 'check the disk, or set SECURITY_WARNINGS_STATE_DIR to a folder on another one',
  },
  {
    number: 27,
    name: 'refused',
    meaning: 'the socket is there and nobody takes connections',
    action: 'nothing: the next start replaces it',
  },
  {
    number: 28,
    name: 'unsupported',
    meaning: 'the file system or the system lacks what the service needs, such as sockets',
    action: 'set SECURITY_WARNINGS_STATE_DIR to a local folder; SG_SERVICE=0 does without',
  },
  {
    number: 99,
    name: 'uncategorised',
    meaning: 'a failure that has no code of its own; "bucket" tells its kinds apart',
    action: 'run "sg serve" to see the message, and report it',
  },
] as const;

export type CodeName = (typeof CODES)[number]['name'];
export type CodeNumber = (typeof CODES)[number]['number'];

export interface CodeEntry {
  readonly number: CodeNumber;
  readonly name: CodeName;
  readonly meaning: string;
  readonly action: string;
}

/** The entry of a code by name. */
export function codeEntry(name: CodeName): CodeEntry {
  const found: CodeEntry | undefined = CODES.find((entry) => entry.name === name);
  if (found === undefined) throw new TypeError(`no such code: ${name}`);
  return found;
}

/** The name of `text` as a code; undefined when this version has none of that name. */
export function codeNamed(text: string): CodeName | undefined {
  return CODES.find(({ name }) => name === text)?.name;
}

/** The name of a code number; undefined for numbers that a newer version wrote. */
export function codeOfNumber(number: number): CodeName | undefined {
  return CODES.find((entry) => entry.number === number)?.name;
}

/** The phase of that name, if there is one. */
export function phaseNamed(text: string): Phase | undefined {
  return PHASES.find(({ name }) => name === text)?.name;
}

/** errno and Node's own error codes, by what they mean to a user. */
const BY_ERRNO: Readonly<Record<string, CodeName>> = {
  EACCES: 'permission',
  EPERM: 'permission',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  ENAMETOOLONG: 'socket-path-too-long',
  EADDRINUSE: 'address-in-use',
  ENOMEM: 'out-of-memory',
  ERR_WORKER_OUT_OF_MEMORY: 'out-of-memory',
  ERR_MEMORY_ALLOCATION_FAILED: 'out-of-memory',
  ERR_BUFFER_TOO_LARGE: 'out-of-memory',
  ETIMEDOUT: 'timeout',
  TIMEOUT: 'timeout',
  ABORT_ERR: 'timeout',
  ENOTDIR: 'not-a-directory',
  EEXIST: 'not-a-directory',
  EISDIR: 'not-a-directory',
  ENOENT: 'folder-gone',
  ESTALE: 'folder-gone',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  EAGAIN: 'no-threads',
  ERR_WORKER_INIT_FAILED: 'no-threads',
  MODULE_NOT_FOUND: 'missing-file',
  ERR_MODULE_NOT_FOUND: 'missing-file',
  BAD_REPLY: 'bad-reply',
  ELOOP: 'link-loop',
  EIO: 'io-error',
  ECONNREFUSED: 'refused',
  ENOTSUP: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  EAFNOSUPPORT: 'unsupported',
  ENOSYS: 'unsupported',
  EPROTONOSUPPORT: 'unsupported',
};

/** The code of an errno name or of a `code` of Node's errors; undefined when it has none of its own. */
export function codeOfErrno(errno: string): CodeName | undefined {
  return Object.hasOwn(BY_ERRNO, errno) ? BY_ERRNO[errno] : undefined;
}
