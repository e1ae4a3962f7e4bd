/** Text that people read, in the two languages of the product. */

export type Lang = 'zh' | 'en';
export type Text = { readonly zh: string; readonly en: string };
