import '../shared/page.css';
import './share.css';
import { locale } from '../shared/texts.ts';
import { readShare } from './share-data.ts';
import { SharePage } from './share-page.ts';

const data = document.getElementById('data')?.textContent;
if (data !== undefined) {
  document.documentElement.lang = locale;
  const { share, links } = readShare(data);
  const page = new SharePage(share, links);
  document.getElementById('page')?.replaceChildren(...page.elements);
  void page.start();
}
