// The processes that run tests, as seen from the one that hands out work.
import { fork } from 'node:child_process';
import { join } from 'node:path';

/** @typedef {import('./worker.mjs').Order} Order */
/** @typedef {import('./worker.mjs').FileResult} FileResult */

/**
 * Starts a worker. One that does not answer in time is killed with all that it started, and a new one takes its place.
 * @param {NodeJS.ProcessEnv} env
 */
export function startWorker(env) {
  let child = startProcess(env);
  process.once('exit', () => kill(child.process));
  return {
    /**
     * Runs tests. Returns null if that takes longer than `limitMs`, or ends the process.
     * @param {Order} order
     * @param {number} limitMs
     * @returns {Promise<readonly FileResult[] | null>}
     */
    async run(order, limitMs) {
      const { process: current, ready } = child;
      await ready;
      const answer = await answerOf(current, order, limitMs);
      if (answer !== null) return answer;
      kill(current);
      child = startProcess(env);
      return null;
    },
    stop: () => kill(child.process),
  };
}

/** @param {NodeJS.ProcessEnv} env */
function startProcess(env) {
  // In a group of its own, to be killed with its children.
  const started = fork(join(import.meta.dirname, 'worker.mjs'), {
    detached: true,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  /** @type {Promise<void>} */
  const ready = new Promise((done, fail) => {
    started.once('message', () => done());
    started.once('exit', () => fail(new Error('the worker ended before it was ready')));
  });
  return { process: started, ready };
}

/**
 * @param {import('node:child_process').ChildProcess} worker
 * @param {Order} order
 * @param {number} limitMs
 * @returns {Promise<readonly FileResult[] | null>}
 */
function answerOf(worker, order, limitMs) {
  return new Promise((done, fail) => {
    /** @param {{ results?: readonly FileResult[], error?: string }} message */
    const onMessage = ({ results, error }) => {
      leave();
      if (results === undefined) fail(new Error(error));
      else done(results);
    };
    const onEnd = () => {
      leave();
      done(null);
    };
    const timer = setTimeout(onEnd, limitMs);
    const leave = () => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('exit', onEnd);
    };
    worker.on('message', onMessage).on('exit', onEnd);
    worker.send(order);
  });
}

/** @param {import('node:child_process').ChildProcess} worker */
function kill({ pid }) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
