import { describe, expect, test } from 'vitest';
import { toFailure } from '../../../../main/failure.ts';
import { browserAddress, confirmBrowser } from '../../../../main/shell/security/browser-address.ts';
import { Consent } from '../../../../main/shell/security/consent.ts';
import type { Question } from '../../../../main/shell/windows/question.ts';

function refusalOf(address: string, platform: NodeJS.Platform = 'linux') {
  try {
    return browserAddress(address, platform).href;
  } catch (error) {
    return toFailure(error);
  }
}

describe('an address for the browser', () => {
  test.each([
    ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['http://192.168.1.9:8080/', 'http://192.168.1.9:8080/'],
    ['HTTPS://Bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('%s is opened', (address, opened) => {
    expect(refusalOf(address)).toBe(opened);
  });

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,<h1>no</h1>',
    'ms-msdt:/id',
    'waybill://open/x',
    'ftp://example.com/',
    'https://li:secret@example.com/',
    'https://li@example.com/',
    'https://',
    'example.com',
    '',
  ])('%s is refused', (address) => {
    expect(refusalOf(address)).toMatchObject({ kind: 'input', rule: 'browser-address' });
  });

  test('one that is too long is refused, and on Windows sooner', () => {
    const address = `https://example.com/${'a'.repeat(3000)}`;
    expect(refusalOf(address)).toBe(address);
    expect(refusalOf(address, 'win32')).toMatchObject({ rule: 'browser-too-long', limit: '2081' });
    expect(refusalOf(`https://example.com/${'a'.repeat(40_000)}`)).toMatchObject({ rule: 'browser-too-long' });
  });
});

test('the question names the host as it is sent, so that no letters look like others', async () => {
  const asked: Question[] = [];
  const text = (key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}`;
  const ask = (question: Question) => {
    asked.push(question);
    return Promise.resolve(true);
  };
  const consent = new Consent({ ask, text, isLocked: () => false });
  await confirmBrowser(consent, text, browserAddress('http://раypal.example:81/login'));
  expect(asked[0]?.message).toContain('xn--ypal-43d9g.example:81');
  expect(asked[0]?.detail).toContain('consent.browser.detail.http');
});
