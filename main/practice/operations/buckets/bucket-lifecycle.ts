import { randomUUID } from 'node:crypto';
import { type Exchange, type Reply, bodyBytes, bucketOf, xmlReply } from '../../exchange.ts';
import type { LifecycleRules } from '../../protocol/lifecycle-rules.ts';
import { Refusal, malformedXml } from '../../protocol/refusal.ts';
import { type XmlElement, childText, parseXml, toXml } from '../../protocol/xml.ts';

type LifecycleRule = LifecycleRules[number];

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketlifecycle */
const MAX_RULES = 1000;
const ACTIONS = new Set([
  ...['Expiration', 'Transition', 'AbortMultipartUpload'],
  ...['NoncurrentVersionExpiration', 'NoncurrentVersionTransition'],
]);

/** PutBucketLifecycle: replaces all rules. Filters and access times aren't kept. */
export async function putBucketLifecycle(x: Exchange): Promise<Reply> {
  const document = parseXml((await bodyBytes(x)).toString('utf8'));
  const rules = document.children.filter(({ name }) => name === 'Rule').map(ruleOf);
  if (document.name !== 'LifecycleConfiguration' || rules.length === 0 || rules.length > MAX_RULES)
    throw malformedXml();
  await x.store.update(bucketOf(x), { lifecycle: rules });
  return { status: 200, headers: {} };
}

/** GetBucketLifecycle. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketlifecycle */
export async function getBucketLifecycle(x: Exchange): Promise<Reply> {
  const { lifecycle, name } = bucketOf(x).settings;
  if (lifecycle === undefined) {
    throw new Refusal(404, {
      code: 'NoSuchLifecycle',
      message: 'No Row found in Lifecycle Table.',
      extra: { BucketName: name },
    });
  }
  const rules = lifecycle.map(({ id, prefix, tags, status, actions }) => ({
    ID: id,
    Prefix: prefix,
    Tag: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    Status: status,
    ...Object.fromEntries(
      [...ACTIONS].map((element) => [
        element,
        actions.filter((action) => action.element === element).map(({ fields }) => fields),
      ]),
    ),
  }));
  return Promise.resolve(xmlReply(toXml('LifecycleConfiguration', { Rule: rules })));
}

/** DeleteBucketLifecycle. */
export async function deleteBucketLifecycle(x: Exchange): Promise<Reply> {
  await x.store.update(bucketOf(x), { lifecycle: undefined });
  return { status: 204, headers: {} };
}

function ruleOf(element: XmlElement): LifecycleRule {
  const status = childText(element, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const id = childText(element, 'ID') ?? '';
  const actions = element.children.filter(({ name }) => ACTIONS.has(name)).map(actionOf);
  if (id.length > 255 || actions.length === 0) throw malformedXml();
  return {
    id: id === '' ? randomUUID() : id,
    prefix: childText(element, 'Prefix') ?? '',
    status,
    tags: element.children
      .filter(({ name }) => name === 'Tag')
      .map((tag) => ({ key: childText(tag, 'Key') ?? '', value: childText(tag, 'Value') ?? '' })),
    actions,
  };
}

/** Each action says when: after so many days, before a date, or for delete markers alone. */
function actionOf({ name, children }: XmlElement): LifecycleRule['actions'][number] {
  const fields = Object.fromEntries(children.map((child) => [child.name, child.text]));
  const days = fields['Days'] ?? fields['NoncurrentDays'];
  const date = fields['CreatedBeforeDate'];
  const isDays = days !== undefined && /^[1-9]\d{0,8}$/.test(days);
  const isDate = date !== undefined && /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/.test(date);
  const isOfMarkers = name === 'Expiration' && fields['ExpiredObjectDeleteMarker'] === 'true';
  const isTransition = name.endsWith('Transition');
  if ([isDays, isDate, isOfMarkers].filter(Boolean).length !== 1) throw malformedXml();
  if (isTransition && fields['StorageClass'] === undefined) throw malformedXml();
  return { element: name, fields };
}
