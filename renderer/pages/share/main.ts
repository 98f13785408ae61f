import '../shared/page.css';
import { locale, text } from '../shared/texts.ts';

document.documentElement.lang = locale;
document.title = text('page.share.title');
