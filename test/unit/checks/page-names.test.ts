import { expect, test } from 'vitest';
import { checkOwnNames, ownNames, withShortOwnNames } from '../../../.ci/page-names.mjs';

test('no name that a page shortens means anything outside its script', () => {
  expect(() => checkOwnNames(ownNames)).not.toThrow();
});

test.each([
  ['of the DOM', 'addEventListener'],
  ['of a newer or rarer interface', 'requestId'],
  ['of a form', 'expiration'],
  ['of a ticket', 'partSize'],
  ['of a share page’s data', 'thumbnail'],
  ['that a browser keeps', 'lastModified'],
  ['of the template', 'viewport'],
  ['in a text', 'moment'],
])('a name %s is refused', (_, name) => {
  expect(() => checkOwnNames(['isOwnAlone', name])).toThrow(/can't have a short name/);
});

test('a name that a script has already is not given again', () => {
  const [name = ''] = ownNames;
  expect(withShortOwnNames(`x.${name}=y.${name}Not`)).toBe(`x.a_=y.${name}Not`);
  expect(() => withShortOwnNames('let a_')).toThrow('a_');
});
