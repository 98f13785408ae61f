// Reads the JSON reports of Vitest and Playwright: how many tests passed, and which did not at once.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './steps.mjs';

/**
 * What a run of a test program came to. `failures` holds, for each test or file that failed, its place and the start of
 * its error; `secondTries` the places of those that passed only the second time; `waiting` counts the tests that need
 * real Electron.
 * @typedef {{ passed: number, failures: string[], secondTries: string[], waiting: number }} Outcome
 */

/** As much of an error as tells one from another: the whole is above, in the output of the run. */
const SHOWN_LINES = 6;

/**
 * @param {string} file
 * @returns {Outcome}
 */
export function vitestOutcome(file) {
  if (!existsSync(file)) return { passed: 0, failures: [], secondTries: [], waiting: 0 };
  const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const failures = testResults.flatMap((/** @type {VitestFile} */ { name, status, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    const place = relative(root, name);
    // A file that could not be loaded has no tests.
    if (status === 'failed' && tests.length === 0) return [shown(place, message)];
    return tests.map(({ fullName, failureMessages }) => shown(`${place} › ${fullName}`, failureMessages.join('\n')));
  });
  return { passed: numPassedTests, failures, secondTries: [], waiting: 0 };
}

/**
 * @param {string} file
 * @returns {Outcome}
 */
export function playwrightOutcome(file) {
  if (!existsSync(file)) return { passed: 0, failures: [], secondTries: [], waiting: 0 };
  const { stats, suites, errors = [] } = JSON.parse(readFileSync(file, 'utf8'));
  const specs = specsIn(suites);
  const withStatus = (/** @type {string} */ wanted) =>
    specs.filter(({ tests }) => tests.some(({ status }) => status === wanted));
  const failures = withStatus('unexpected').map((spec) => shown(placeOf(spec), errorsOf(spec).join('\n')));
  return {
    passed: stats.expected + stats.flaky,
    failures: [
      ...failures,
      ...errors.map((/** @type {ReportedError} */ { message = '' }) => shown('playwright', message)),
    ],
    secondTries: withStatus('flaky').map(placeOf),
    waiting: specs.flatMap(({ tests }) => tests).filter(waitsForElectron).length,
  };
}

/**
 * @param {string} place
 * @param {string} message
 */
function shown(place, message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return [place, ...lines.slice(0, SHOWN_LINES).map((line) => `    ${line}`)].join('\n');
}

/**
 * A suite of Playwright's report holds suites, and specs with their tests.
 * @typedef {{ status: string, message: string, name: string, assertionResults: readonly VitestTest[] }} VitestFile
 * @typedef {{ status: string, fullName: string, failureMessages: readonly string[] }} VitestTest
 * @typedef {{ message?: string }} ReportedError
 * @typedef {{ errors?: readonly ReportedError[] }} ReportedResult
 * @typedef {{
 *   status: string,
 *   annotations: readonly { description?: string }[],
 *   results: readonly ReportedResult[],
 * }} ReportedTest
 * @typedef {{ file: string, line: number, title: string, tests: readonly ReportedTest[] }} Spec
 * @typedef {{ suites?: readonly Suite[], specs?: readonly Spec[] }} Suite
 * @param {readonly Suite[]} suites
 * @returns {readonly Spec[]}
 */
function specsIn(suites) {
  return suites.flatMap(({ suites = [], specs = [] }) => [...specsIn(suites), ...specs]);
}

/** @param {Spec} spec */
function placeOf({ file, line, title }) {
  return `${file}:${line} › ${title}`;
}

/** @param {Spec} spec */
function errorsOf({ tests }) {
  return tests.flatMap(({ results }) =>
    results.flatMap(({ errors = [] }) => errors.map(({ message = '' }) => message)).slice(0, 1),
  );
}

/**
 * See test/e2e/support/real-electron.ts.
 * @param {ReportedTest} test
 */
function waitsForElectron({ annotations }) {
  return annotations.some(({ description = '' }) => description.startsWith('waits for real Electron'));
}
