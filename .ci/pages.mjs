// Builds the pages that Waybill hands out: each one HTML file that asks for nothing else, with its script, its style and
// its texts inside. What differs from page to page (data, hosts) is put in by main/links/pages, and isn't code: script and
// style, and so their hashes in the policy, are the same in every page of a build.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { checkOwnNames, ownNames, shortName, withShortOwnNames } from './page-names.mjs';

const root = join(import.meta.dirname, '..');

/** The pages. A drop page without uploads in parts is a smaller one. */
export const pages = /** @type {const} */ (['drop', 'drop_parts', 'share']);

/** @typedef {typeof pages[number]} PageName */

/** What a phone or an office computer of some years ago still runs. */
const target = ['chrome109', 'firefox115', 'safari16'];

/**
 * The configuration of one page: its script as one classic script, its style beside it, both put into the template.
 * @param {PageName} page
 * @returns {import('vite').EnvironmentOptions}
 */
export function pageEnvironment(page) {
  return {
    consumer: 'client',
    define: { pageTexts: JSON.stringify(textsOf(page)), hasParts: String(page === 'drop_parts') },
    build: {
      target,
      cssTarget: target,
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { [page]: join(root, 'renderer/pages', folderOf(page), 'main.ts') },
        output: { format: 'iife', entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  };
}

/**
 * The folder of a page in renderer/pages, which is what its texts are named by too.
 * @param {string} page
 */
function folderOf(page) {
  return page.split('_')[0] ?? page;
}

/**
 * `import code from './worker.ts?script'`: a program of its own as text, for a thread that starts from a blob. Vite's
 * `?worker&inline` adds what a page without `data:` in its policy can't use.
 * @returns {import('vite').Plugin}
 */
export function scriptText() {
  /** @type {Record<string, unknown>} */
  let define = {};
  return {
    name: 'script-text',
    enforce: 'pre',
    configResolved(config) {
      define = config.define ?? {};
    },
    async load(id) {
      if (!id.endsWith('?script')) return null;
      const result = await build({
        ...{ configFile: false, logLevel: 'error', define },
        build: {
          target,
          write: false,
          rolldownOptions: { input: id.replace('?script', ''), output: { format: 'iife' } },
        },
      });
      const [chunk] = 'output' in result ? result.output : [];
      if (chunk === undefined) throw new Error(`${id} gave no script`);
      return `export default ${JSON.stringify(chunk.code.trim())}`;
    },
  };
}

/**
 * Puts script and style into renderer/pages/page.html, and leaves nothing else.
 * @returns {import('vite').Plugin}
 */
export function pageFile() {
  return {
    name: 'page-file',
    enforce: 'post',
    buildStart() {
      checkOwnNames(ownNames);
    },
    generateBundle(_, bundle) {
      let page = '';
      let script = '';
      let style = '';
      for (const [fileName, file] of Object.entries(bundle)) {
        if (file.type === 'chunk') [page, script] = [file.name, withShortNames(file.code.trim())];
        else if (fileName.endsWith('.css'))
          style = withShortProperties(
            String(file.source)
              .replace(/\/\*.*?\*\//gs, '')
              .trim(),
          );
        else throw new Error(`${fileName} is outside the page`);
        Reflect.deleteProperty(bundle, fileName);
      }
      this.emitFile({ type: 'asset', fileName: `${page}.html`, source: htmlOf(page, script, style) });
    },
  };
}

/**
 * The script with short names: keys of texts, which stand there twice each, and own properties, which a minifier leaves. A
 * key that is put together from parts keeps its last one.
 * @param {string} script
 */
function withShortNames(script) {
  const families = new Set([...script.matchAll(/`(page\.[\w.-]+\.)\$\{/g)].map(([, family = '']) => family));
  /** @type {Map<string, string>} */
  const names = new Map();
  const nameOf = (/** @type {string} */ full) => {
    const name = names.get(full) ?? shortName(names.size);
    names.set(full, name);
    return name;
  };
  const keyOf = (/** @type {string} */ key) => {
    const family = [...families].find((start) => key.startsWith(start));
    return family === undefined ? nameOf(key) : `${nameOf(family)}.${key.slice(family.length)}`;
  };
  const shortened = script
    .replaceAll(/`(page\.[\w.-]+\.)\$\{/g, (_, /** @type {string} */ family) => `\`${nameOf(family)}.\${`)
    .replaceAll(/(["`])(page\.[\w.-]+)\1/g, (_, /** @type {string} */ quote, /** @type {string} */ key) =>
      [quote, keyOf(key), quote].join(''),
    )
    .replaceAll(/"([a-z][\da-z]*)":\[/g, '$1:[');
  return withShortOwnNames(shortened);
}

/**
 * The style with short names of its custom properties.
 * @param {string} style
 */
function withShortProperties(style) {
  const names = [...new Set(style.match(/--[a-z][\w-]*/g))];
  return style.replaceAll(/--[a-z][\w-]*/g, (name) => `--${shortName(names.indexOf(name))}`);
}

/**
 * @param {string} page
 * @param {string} script
 * @param {string} style
 */
function htmlOf(page, script, style) {
  // What ends or hides a script in HTML would have to be escaped, and nothing of ours needs it.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error(`${page}: markup in script or style`);
  const english = catalogue('en');
  const chinese = catalogue('zh-CN');
  // Where no script runs, a share page is a list of links, which main/links/pages puts in.
  const staticKey = page === 'share' ? 'page.share.plain' : 'page.static';
  const values = /** @type {Record<string, string>} */ ({
    'script-hash': hashOf(script),
    'style-hash': hashOf(style),
    title: english[`page.${folderOf(page)}.title`],
    // A download in a frame leaves the page where it is, whatever the server answers.
    'frame-src': page === 'share' ? ' frame-src {{hosts}};' : '',
    plain: page === 'share' ? '<!--plain-->' : '',
    'static.en': english[staticKey]?.replace('{moment}', '{{until}}'),
    'static.zh': chinese[staticKey]?.replace('{moment}', '{{until}}'),
  });
  const template = readFileSync(join(root, 'renderer/pages/page.html'), 'utf8').replaceAll(/\n\s*/g, '\n');
  return template
    .replaceAll(/%([a-z][\w.-]*)%/g, (all, /** @type {string} */ name) => values[name] ?? all)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
}

/**
 * The texts that a page may say, in English and in Chinese: its own and those that all pages share.
 * @param {PageName} page
 */
function textsOf(page) {
  const others = pages.filter((name) => folderOf(name) !== folderOf(page)).map((name) => `page.${folderOf(name)}.`);
  if (page === 'drop') others.push('page.drop.parts.');
  const isSaid = (/** @type {string} */ key) =>
    key.startsWith('page.') &&
    !['page.static', 'page.share.plain'].includes(key) &&
    !others.some((prefix) => key.startsWith(prefix));
  const chinese = catalogue('zh-CN');
  const said = Object.entries(catalogue('en')).filter(([key]) => isSaid(key));
  return Object.fromEntries(said.map(([key, english]) => [key, [english, chinese[key]]]));
}

/**
 * @param {string} locale
 * @returns {Record<string, string>}
 */
function catalogue(locale) {
  return JSON.parse(readFileSync(join(root, 'assets/locales', `${locale}.json`), 'utf8'));
}

/** @param {string} text */
function hashOf(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
