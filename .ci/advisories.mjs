// Fails when package-lock.json has a version that an advisory in advisories.json names. The list is kept by hand, for
// machines where `npm audit` reaches no registry: whoever adds to it looks at https://github.com/advisories and sets the date.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './steps.mjs';

/** @typedef {{ package: string, id: string, ranges: readonly (readonly [from: string, before: string])[] }} Advisory */

const { advisories, 'looked-at': date } = /** @type {{ advisories: readonly Advisory[], 'looked-at': string }} */ (
  read('.ci/advisories.json')
);

/**
 * What is vulnerable in a lock file: `name version (advisory)`.
 * @param {{ packages: Readonly<Record<string, { version?: string }>> }} lock
 * @param {readonly Advisory[]} [known]
 */
export function vulnerable({ packages }, known = advisories) {
  return Object.entries(packages).flatMap(([path, { version = '' }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    return known
      .filter((one) => one.package === name && one.ranges.some(([from, before]) => isWithin(version, from, before)))
      .map(({ id }) => `${name} ${version} (https://github.com/advisories/${id})`);
  });
}

/** @param {string} version @param {string} from @param {string} before */
function isWithin(version, from, before) {
  return compare(version, from) >= 0 && compare(version, before) < 0;
}

/** Compares release numbers; a prerelease counts as its release. @param {string} a @param {string} b */
function compare(a, b) {
  const [left = [], right = []] = [a, b].map((text) => text.split(/[-+]/)[0]?.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @param {string} name */
function read(name) {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}

if (process.argv[1] === import.meta.filename) {
  const found = vulnerable(read('package-lock.json'));
  for (const one of found) say(`✗ known to be vulnerable: ${one}`);
  if (found.length > 0) say(`The advisories were looked at on ${date}.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
