/** A thread that does what it is told: `node:worker_threads` cannot be stuck in a fake. */
module.exports = async function run(task) {
  if (task === 'stuck') for (;;);
  if (task === 'die') process.exit(3);
  if (typeof task === 'number') await new Promise((resolve) => setTimeout(resolve, task));
  if (task === 'greedy') {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i })));
  }
  return `did ${task}`;
};
