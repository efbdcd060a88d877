/** A thread that does what it is told: `node:worker_threads` cannot be stuck in a fake. */
const { workerData } = require('node:worker_threads');

module.exports = async function run(task) {
  if (task === 'doom') Atomics.store(workerData.doomed, 0, 1);
  if (task === 'hold') Atomics.store(workerData.doomed, 0, 2);
  const doom = Atomics.load(workerData.doomed, 0);
  if (doom === 1 || task === 'hold') process.exit(3);
  if (doom === 2) {
    // The next one is as it should be.
    Atomics.store(workerData.doomed, 0, 0);
    for (;;);
  }
  if (task === 'die later') setTimeout(() => process.exit(3), 20);
  if (task === 'stuck') for (;;);
  if (task === 'die') process.exit(3);
  if (typeof task === 'number') await new Promise((resolve) => setTimeout(resolve, task));
  if (task === 'greedy') {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => ({ i })));
  }
  return `did ${task}`;
};
