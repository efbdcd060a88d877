/** Which files a review looks at first when it cannot look at all of them. */

/** Parts of a path that speak of trust boundaries or of dangerous interpreters. */
const RISKY = [
  'auth login signin session token secret credential password crypt perm acl rbac iam',
  'policy role tenant admin payment webhook route handler controller endpoint api gateway',
  'middleware view exec subprocess shell spawn command client request fetch http url upload',
  'template serialize deser pickle yaml xml parse sql query .github/workflows/ dockerfile',
].flatMap((list) => list.split(' '));

const LOW_NAME_PARTS = ['.gen.', '.generated.', '_gen.', '.test.', '.spec.', '_test.', '.config.'];
const LOW_FOLDERS = [
  '/migrations/ /alembic/versions/ /__tests__/ /test/ /tests/ /fixtures/ /__snapshots__/',
  '/examples/',
].flatMap((list) => list.split(' '));

export interface Ranked {
  readonly path: string;
  readonly deleted: boolean;
  /** Lines that the change adds. */
  readonly added: number;
}

/**
 * Riskiest first: files that still exist, then a risk word in the path, then neither tests nor generated
 * code, then more added lines, and at last as they came.
 */
export function byRisk<T extends Ranked>(files: readonly T[]): T[] {
  const ranked = files.map((file, index) => ({ file, index, marks: marksOf(file) }));
  ranked.sort((a, b) => {
    for (const [i, mark] of a.marks.entries()) {
      const other = b.marks[i] ?? 0;
      if (mark !== other) return other - mark;
    }
    return a.index - b.index;
  });
  return ranked.map(({ file }) => file);
}

function marksOf({ path, deleted, added }: Ranked): number[] {
  return [deleted ? 0 : 1, isRisky(path) ? 1 : 0, isLowPriority(path) ? 0 : 1, added];
}

function isRisky(path: string): boolean {
  const lower = path.toLowerCase();
  return RISKY.some((word) => lower.includes(word));
}

function isLowPriority(path: string): boolean {
  const lower = `/${path.toLowerCase()}`;
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return (
    LOW_NAME_PARTS.some((part) => name.includes(part)) ||
    name.startsWith('test_') ||
    LOW_FOLDERS.some((folder) => lower.includes(folder))
  );
}
