import { beforeEach, describe, expect, test } from 'vitest';
import { settingsPatchSchema } from '../../../../../main/settings.ts';
import type { ProxySettings, Settings } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { SettingsState } from '../../../../../renderer/model/settings.svelte.ts';
import { ProxyForm } from '../../../../../renderer/screens/settings/proxy-form.svelte.ts';
import { answering } from '../../answering.ts';
import { makeInfo } from '../../making.ts';

const unset: ProxySettings = { mode: 'system', url: null, user: null, bypass: '', pacUrl: null };
const reached = { proxy: null, host: 'oss-cn-hangzhou.aliyuncs.com', milliseconds: 12 };
let saved: unknown[] = [];
let passwords: (string | null)[] = [];

beforeEach(() => {
  saved = [];
  passwords = [];
});

/** The form on these settings; main takes what its schema takes. */
function openForm(proxy: Partial<ProxySettings> = {}): ProxyForm {
  const info = makeInfo({ proxy: { ...unset, ...proxy } });
  const main = answering({
    'settings.set': (patch) => {
      if (!settingsPatchSchema.safeParse(patch).success) {
        throw new CallFailed({ kind: 'input', field: 'proxy', rule: 'invalid_format' });
      }
      saved.push(patch.proxy);
      return { ...info.settings, ...patch } as Settings;
    },
    'network.setPassword': ({ password }) => {
      passwords.push(password);
      return null;
    },
    'network.test': () => reached,
  });
  return new ProxyForm(new SettingsState(info, new Messages('en'), main), main);
}

describe('the network settings', () => {
  test('take a host without its scheme as HTTP, and are tested once they are saved', async () => {
    const form = openForm();
    form.mode = 'manual';
    expect(form.canTest).toBe(false);
    form.url = ' proxy.example:3128 ';
    await form.saveAndTest(null);
    expect(saved).toEqual([{ ...unset, mode: 'manual', url: 'http://proxy.example:3128' }]);
    expect(form.outcome).toEqual({ at: 'reached', test: reached });
  });

  test.each(['proxy example', 'ftp://proxy.example', 'http://user:word@proxy.example', 'http://a/path'])(
    'are not saved with “%s”, which is no proxy',
    async (url) => {
      const form = openForm();
      form.mode = 'manual';
      form.url = url;
      expect([form.badUrl, form.canTest]).toEqual([true, false]);
      await form.saveAndTest(null);
      expect(saved).toEqual([]);
    },
  );

  test.each([
    ...['http://10.1:3128', 'http://proxy.2', 'http://proxy.example:0', 'http://proxy.example:70000', 'http://a..b'],
    ...[
      'http://Proxy.example:3128/',
      'https://10.0.0.1',
      'socks5://[::1]:1080',
      'http://my_proxy',
      'http://1.2.3.4:80',
    ],
  ])('take %s if main does', async (url) => {
    const form = openForm();
    form.mode = 'manual';
    form.url = url;
    expect(form.badUrl).toBe(!settingsPatchSchema.safeParse({ proxy: { ...unset, url } }).success);
    await form.saveAndTest(null);
    expect(form.outcome.at).toBe(form.badUrl ? 'untested' : 'reached');
  });

  test('take a script with a name in other letters, and save it as it is sent', async () => {
    const form = openForm();
    form.mode = 'pac';
    form.pacUrl = 'http://intranet/代理.pac';
    await form.saveAndTest(null);
    expect(saved).toEqual([{ ...unset, mode: 'pac', pacUrl: 'http://intranet/%E4%BB%A3%E7%90%86.pac' }]);
  });

  test.each(['pac', 'system', 'none'] as const)(
    'of mode %s are saved whatever was left in the fields of the others, which keep what they had',
    async (mode) => {
      const form = openForm({ mode: 'manual', url: 'http://proxy.example:3128', pacUrl: 'https://a.example/p.pac' });
      form.url = 'no proxy at all';
      if (mode !== 'pac') form.pacUrl = 'no script';
      form.mode = mode;
      await form.saveAndTest(null);
      expect(form.outcome.at).toBe('reached');
      expect(saved).toEqual([{ ...unset, mode, url: 'http://proxy.example:3128', pacUrl: 'https://a.example/p.pac' }]);
    },
  );

  test('keep the password unless another is typed, and forget it with the user', async () => {
    const form = openForm({ mode: 'manual', url: 'http://proxy.example', user: 'li' });
    await form.saveAndTest(null);
    expect(passwords).toEqual([]);
    form.password = 'open sesame';
    await form.saveAndTest(null);
    expect([passwords, form.password]).toEqual([['open sesame'], '']);
    form.user = '';
    await form.saveAndTest(null);
    expect(passwords).toEqual(['open sesame', null]);
  });
});
