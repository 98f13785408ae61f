// The pages that are handed out, built as `npm run build` builds them.
import { pathToFileURL } from 'node:url';
import { createBuilder } from 'vite';

/** Builds the pages into a folder; returns its URL, for renderPage(). */
export async function buildPages(folder: string): Promise<URL> {
  const builder = await createBuilder({ mode: 'pages', logLevel: 'error', build: { outDir: folder } });
  await builder.buildApp();
  return pathToFileURL(`${folder}/`);
}
