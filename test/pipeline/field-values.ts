/** Realistic values of any field: from the manifests, from the field's code list or example, or by its type. */
import type { FieldPath } from '../../src/model/declaration.ts';
import type { Pack } from '../../src/pack/pack.ts';
import { declarations, header } from './valid-rows.ts';

const rows = declarations.flat();

/** Fields of a form of their own that no manifest holds. */
const byTag: Readonly<Record<string, readonly string[]>> = {
  SeqNo: ['I20260000123456789', 'I20260000123456790'],
  TgdNo: ['090820261086000123'],
  RelId: ['090820261086000123', '090820261086000131'],
  RelManNo: ['C09086400123', 'B09086400124'],
  CiqCode: ['101', '102'],
  SpecDeclFlag: ['0000000'],
  PartenerID: ['2100070012846'],
  DecBpNo: ['0411-82631234', '13940812345'],
  DecNo: ['2100070012846', '2100070012847'],
  UseOrgPersonTel: ['0411-82631234', '13940812345'],
  UseOrgPersonCode: ['林晓禾', '周佩宁'],
  ControlExplainCode: ['A001'],
  NoDangFlag: ['0', '1'],
  DangPackSpec: ['1A1', '4G'],
  Type: ['SW', 'SZ'],
  OverseasConsignorEname: ['RHEINLICHT OPTIK GMBH & CO. KG', 'KITAMORI SEIKOU CO., LTD.'],
};

/** What companies, people and references look like where no manifest has the field. */
function byTitle(title: string): readonly string[] {
  if (/人员|录入员名|联系人/u.test(title)) return ['林晓禾', '周佩宁'];
  if (/信用代码/u.test(title)) return ['91210211079402634X', '91210211MA0P5NK666'];
  if (/地址/u.test(title)) return ['大连市甘井子区机场前街 18 号', '大连市中山区人民路 23 号'];
  if (/（外文）|英文/u.test(title)) return ['RHEINLICHT OPTIK GMBH & CO. KG', 'KITAMORI SEIKOU CO., LTD.'];
  if (/单位名称|企业名称|货人名称|公司/u.test(title))
    return ['大连澄曜光学仪器有限公司', '大连砺川精密轴承有限公司'];
  if (/海关代码/u.test(title)) return ['2102348831', '2102245083'];
  if (/代码|编码|编号|号$|号码/u.test(title)) return ['A2300145', 'B2300146'];
  return ['上午送达，请电话联系', '已核对'];
}

/** Up to `limit` different values, none of them empty. */
export function valuesOf(path: FieldPath, pack: Pack, limit = 6): readonly string[] {
  const column = header.findIndex(
    (name) => pack.headerWords.get(pack.normaliseHeader(name))?.fields.join() === path,
  );
  const given = [...new Set(rows.map((row) => row[column] ?? '').filter((value) => value !== ''))].slice(
    0,
    limit,
  );
  if (given.length > 0) return given;
  const field = pack.fields.get(path);
  if (!field) throw new Error(`no field ${path}`);
  const list = field.codeList === undefined ? undefined : pack.codeLists.get(field.codeList);
  const listed = [...(list?.search('') ?? [])]
    .slice(0, limit)
    .map(({ code, zh }, index) => (index % 2 === 0 || zh === '' ? code : zh));
  if (listed.length > 0) return listed;
  if (field.type === 'decimal') return ['12.5', '300', '0.75'];
  if (field.type === 'integer') return ['1', '2', '3'];
  if (field.type === 'date' || field.type === 'date-time') return ['2026-11-13', '2026-11-20'];
  const known = byTag[field.tag];
  if (known !== undefined) return known;
  const examples = field.example === undefined ? [] : [field.example];
  return examples.length > 0 ? examples : byTitle(field.title.zh);
}
