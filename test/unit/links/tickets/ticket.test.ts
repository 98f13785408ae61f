import { expect, test } from 'vitest';
import { uploadTicketSchema } from '../../../../main/links/tickets/ticket.ts';
import { partUrls } from '../../../../main/links/tickets/ticket-urls.ts';

const signature = (byte: number): Buffer => Buffer.alloc(32, byte);
const url = 'https://inbox.oss-cn-hangzhou.aliyuncs.com/film.mov?uploadId=u1';
const ticket = {
  waybill: 'upload-ticket',
  version: 1,
  madeAt: '2026-11-30T12:00:00.000Z',
  validUntil: '2026-12-01T12:00:00.000Z',
  bucket: 'inbox',
  key: 'film.mov',
  uploadId: 'u1',
  sizeBytes: 250_000,
  partSizeBytes: 102_400,
  parts: 3,
  put: `${url}&partNumber={n}&x-oss-signature={signature}`,
  signatures: Buffer.concat([signature(1), signature(2), signature(0xab)]).toString('base64'),
  list: [`${url}&part-number-marker=0`],
  complete: url,
  completeHeaders: {},
};

test('part URLs get their number and their signature in hex', () => {
  const urlOf = partUrls(uploadTicketSchema.parse(ticket));
  expect(urlOf(1)).toBe(`${url}&partNumber=1&x-oss-signature=${'01'.repeat(32)}`);
  expect(urlOf(3)).toBe(`${url}&partNumber=3&x-oss-signature=${'ab'.repeat(32)}`);
});

test.each([0, 4, 1.5, Number.NaN])('there is no URL for part %s of three', (partNumber) => {
  expect(() => partUrls(uploadTicketSchema.parse(ticket))(partNumber)).toThrow(RangeError);
});

test.each([
  ['a field that no ticket has', { secret: 'x' }],
  ['too few signatures', { signatures: signature(1).toString('base64') }],
  ['fewer parts than the size takes', { parts: 2, signatures: Buffer.alloc(64).toString('base64') }],
  ['more pages than the parts take', { list: [url, url] }],
  ['parts below 100 KB', { partSizeBytes: 102_399 }],
  ['a template without a place for the number', { put: `${url}&x-oss-signature={signature}` }],
  ['a template with two places for the signature', { put: `${url}&{n}{signature}{signature}` }],
  ['a URL with a fragment', { complete: `${url}#waybill=` }],
  ['another header for the end', { completeHeaders: { 'x-oss-object-acl': 'public-read' } }],
])('a ticket with %s is refused', (_, fields) => {
  expect(uploadTicketSchema.safeParse(ticket).success).toBe(true);
  expect(uploadTicketSchema.safeParse({ ...ticket, ...fields }).success).toBe(false);
});
