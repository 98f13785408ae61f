import { startPractice } from '../../../main/practice/server.ts';
import { makeBucketOfKeys } from '../../support/many-keys.ts';
import { FILE_BYTES, pathOf } from './paths.ts';

/** As list/server.ts, with the keys of paths.ts below `to/`. */
const [dataDir = '', count = '0'] = process.argv.slice(2);

function* keys(): Generator<{ readonly key: string; readonly sizeBytes: number }> {
  for (let at = 0; at < Number(count); at += 1) {
    const { folder, name } = pathOf(at);
    yield { key: `to/${folder}/${name}`, sizeBytes: FILE_BYTES };
  }
}

await makeBucketOfKeys(dataDir, 'bench', keys());
const { endpoint, accessKeyId, accessKeySecret } = await startPractice({ dataDir });
console.log(JSON.stringify({ endpoint, accessKeyId, accessKeySecret }));
