/** The reader's language, from the locale. */
import type { Lang } from '../model/text.ts';
import type { Environment } from './folders.ts';

/** The first of LC_ALL, LC_MESSAGES and LANG that says something, else what the system tells: Chinese of any kind is `zh`, everything else `en`. */
export function localeLang(env: Environment): { readonly lang: Lang; readonly where: string } {
  for (const name of ['LC_ALL', 'LC_MESSAGES', 'LANG']) {
    const value = env[name];
    if (value !== undefined && value !== '') return { lang: langOf(value), where: name };
  }
  return { lang: langOf(Intl.DateTimeFormat().resolvedOptions().locale), where: 'locale' };
}

function langOf(locale: string): Lang {
  return /^zh\b|^zh_|^chinese/iu.test(locale) ? 'zh' : 'en';
}

/** Before anything is read: for help and for messages about the configuration itself. */
export function earlyLang(argv: readonly string[], env: Environment): Lang {
  const flag = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const typed = flag === -1 ? undefined : (argv[flag]?.split('=')[1] ?? argv[flag + 1]);
  for (const said of [typed, env['DECLARANT_LANG']]) if (said === 'zh' || said === 'en') return said;
  return localeLang(env).lang;
}
