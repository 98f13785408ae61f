// A bucket whose data OSS refuses on its own host is reached at its custom domain.
import { resolve } from 'node:path';
import { testTls } from '../support/tls/certificate.ts';
import { t } from '../support/words.ts';
import { addAccount, test } from './support/accounts.ts';
import { copiedText } from './support/desktop.ts';
import { expect } from './support/app.ts';
import { leadOssHere } from './support/oss-here.ts';
import { chooseFromMenu, openBucket, rowOf } from './support/waybill.ts';

const BUCKET = 'waybill-samples';
const DOMAIN = 'files.example.com';
const FILE = 'Welcome to Waybill.txt';

const trustTestCa = { NODE_EXTRA_CA_CERTS: resolve(import.meta.dirname, '../support/tls/ca.crt') };

test('a new account in a mainland region lists and shares at the domain that is found', async ({ home, serve }) => {
  const customDomains = { [DOMAIN]: BUCKET };
  const server = await serve({ tls: testTls, customDomains });
  server.restrictions.publicEndpoint = true;
  const { accessKeyId, accessKeySecret, endpoint } = server;
  const { port } = new URL(endpoint);
  const { app, page } = await home.launch(trustTestCa);
  await leadOssHere(app);
  const host = `https://oss-cn-hangzhou.aliyuncs.com:${port}`;
  await addAccount(page, { name: 'Depot', endpoint: host, accessKeyId, accessKeySecret });
  await openBucket(page, BUCKET);
  const news = page.getByRole('status', { name: t('common.news') });
  await expect(news).toContainText(t('bucket.domain.used', { bucket: BUCKET }));
  await expect(news).toContainText(t('bucket.domain.used.why', { domain: `https://${DOMAIN}:${port}` }));

  await chooseFromMenu(page, rowOf(page, FILE), t('browse.copy-link'));
  await expect.poll(() => copiedText(app)).toContain(`https://${DOMAIN}:${port}/`);
});
