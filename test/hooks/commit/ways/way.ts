/** A way to make, move or push commits, and which of them a review is about. */

export interface Way {
  readonly name: string;
  /** Done an hour before the session begins. */
  readonly setup?: string;
  /** Commands of the agent, each with the hook after it. */
  readonly steps: readonly string[];
  /** Subjects, sorted; in brackets where no model had to be asked, since nothing was new. */
  readonly reviewed: readonly string[];
  /** Beside `repo`, where the commits are. */
  readonly where?: string;
  /** Beside `repo`, where the agent is. */
  readonly cwd?: string;
  /** More of the payload of the last step. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Done after the hook of the last step, as by what goes on in the background. */
  readonly later?: string;
}

export const add = (name: string): string => `echo '${name} = 1' > ${name}.py && git add -A`;
export const commit = (name: string): string => `${add(name)} && git commit -qm ${name}`;
export const into = (folder: string, name: string): string =>
  `(cd ${folder} && ${add(name)} && git commit -qm ${name})`;
/** Somebody else's work that the remote has. */
export const UPSTREAM: string = `${into('../other', 'theirs')} && (cd ../other && git push -q origin main)`;
/** `topic` and main change the same line. */
export const CONFLICT: string = `echo 'a = 2' > a.py && git commit -qam ours && git checkout -q topic && echo 'a = 3' > a.py && git commit -qam theirs`;
export const SEQUENCE = (script: string): string => `GIT_SEQUENCE_EDITOR="sed -i -e '${script}'"`;
